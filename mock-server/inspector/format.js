// Instants, durations and values as somebody reads them. All times are UTC, on the environment's clock.

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const two = number => String(number).padStart(2, '0');

/** `14:03:09`, with milliseconds where they are asked for. */
export function timeOfDay(at, withMilliseconds = false) {
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  return withMilliseconds ? `${time}.${String(at.getUTCMilliseconds()).padStart(3, '0')}` : time;
}

/** `1 Jan 2026`. */
export function day(at) {
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
}

/** The time of day alone on the same day as `now`, with the day otherwise. */
export function short(text, now) {
  const at = new Date(text);
  return day(at) === day(now) ? timeOfDay(at, true) : `${day(at)} ${timeOfDay(at)}`;
}

/** `4 min 58 s`, `2 d 3 h`: the two largest parts of a number of milliseconds. */
export function span(milliseconds) {
  let left = Math.ceil(milliseconds / 1000);
  const parts = [];
  for (const [unit, seconds] of [['d', 86_400], ['h', 3600], ['min', 60], ['s', 1]]) {
    const count = Math.floor(left / seconds);
    left -= count * seconds;
    if (count > 0 || (unit === 's' && parts.length === 0)) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(' ');
}

/** `3.2 ms`, `1.4 s`. */
export function took(milliseconds) {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}

/** `816 B`, `1.2 kB`. */
export function size(bytes) {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}

const INTENTS = {
  sso: 'Single sign-on', dsync: 'Directory sync', directory_sync: 'Directory sync', audit_logs: 'Audit logs', log_streams: 'Log streams',
  domain_verification: 'Domain verification', certificate_renewal: 'Certificate renewal', bring_your_own_key: 'Bring your own key',
};

/** What parts of the portal something opens on. */
export function parts(intents) {
  return intents.map(intent => INTENTS[intent] ?? intent).join(', ') || 'Everything';
}

/** `not_dialled` as words. */
export function words(name) {
  const text = String(name).replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

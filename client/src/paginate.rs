//! Walks through lists: one mechanism for all of them; the build script only says where a list has its
//! cursors.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::{self, Stream, StreamExt, TryStreamExt};

use crate::types::PaginationOrder;
use crate::{Error, ResponseValue};

/// The size of a page unless the call has a `limit`: the largest that the API gives.
const PAGE: u32 = 100;

/// What a list has, item by item or page by page.
///
/// It comes from the `stream` or `pages` of a list call, keeps that call's filters and order, and asks for a
/// page when the one before it has been read: never ahead, so whoever reads slowly is not overrun. Pages
/// have 100 items unless the call has a `limit`.
///
/// It begins at the beginning of the list, or at the call's cursor: with `after` it goes on behind that
/// item, with `before` it goes backwards from it, to the beginning of the list. Backwards, items come in
/// reverse, the nearest first, and pages as the API gives them. (In the API's old order `normal`, `before`
/// leads on and `after` back.) Cursors are ids of items, so to resume later, keep the id of the last item
/// that was handled, or a page's `list_metadata`.
///
/// The first error ends it.
///
/// It is a [`Stream`], and needs no crate to be read:
///
/// ```no_run
/// # async fn run(client: workos_portal::Client) -> Result<(), workos_portal::Error> {
/// let mut organizations = client.list_organizations().search("acme").stream();
/// while let Some(organization) = organizations.next().await {
///     println!("{}", organization?.name);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is asked for until the stream is read"]
pub struct ListStream<'a, T>(Pin<Box<dyn Stream<Item = Result<T, Error>> + Send + 'a>>);

impl<T> ListStream<'_, T> {
    /// The next one. `None` is the end.
    ///
    /// # Errors
    /// When a page cannot be had. That is the end as well.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        self.0.next().await
    }

    /// All that are left, in memory at once.
    ///
    /// # Errors
    /// When a page cannot be had; those before it are lost.
    pub async fn all(self) -> Result<Vec<T>, Error> {
        self.0.try_collect().await
    }
}

impl<T> Stream for ListStream<'_, T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<T> fmt::Debug for ListStream<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListStream").finish_non_exhaustive()
    }
}

/// A call of a list operation, as the build script describes it.
pub(crate) trait ListCall: Clone + Send {
    type Page: Send;
    type Item: Send;
    const OPERATION: &'static str;

    /// What the call asks for, to be changed. `None`: the list has one page.
    fn query(&mut self) -> Option<Query<'_>>;

    fn fetch(self) -> impl Future<Output = Result<ResponseValue<Self::Page>, Error>> + Send;

    /// The cursors that a page gives, on a walk that leads on or back.
    fn cursors(page: &Self::Page, on: bool) -> Cursors;

    fn length(page: &Self::Page) -> usize;

    fn items(page: Self::Page) -> Vec<Self::Item>;
}

/// An argument of a call: what was set, or why it is none.
type Argument<T> = Result<Option<T>, String>;

/// The arguments that say which page is meant.
pub(crate) struct Query<'a> {
    pub(crate) after: &'a mut Argument<String>,
    pub(crate) before: &'a mut Argument<String>,
    pub(crate) limit: &'a mut Argument<u32>,
    pub(crate) order: &'a mut Argument<PaginationOrder>,
}

/// Where the pages before and after one begin.
#[derive(Default)]
pub(crate) struct Cursors {
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

/// The item of a page at which the next page of a walk begins, for lists that do not say so.
pub(crate) fn edge<T>(items: &[T], on: bool) -> Option<&T> {
    if on { items.last() } else { items.first() }
}

/// Which of the two cursors a walk follows.
#[derive(Clone, Copy)]
enum Follow {
    After,
    Before,
}

/// A walk through a list: what to ask for next, and how it goes on.
struct Walk<C> {
    call: C,
    /// Whether it follows the list's order.
    on: bool,
    follow: Follow,
    /// The cursor that `call` has.
    cursor: Option<String>,
    begun: bool,
}

impl<C: ListCall> Walk<C> {
    fn begin(mut call: C) -> Result<Self, Error> {
        let (mut on, mut follow, mut cursor) = (true, Follow::After, None);
        if let Some(query) = call.query() {
            query
                .limit
                .as_mut()
                .map(|limit| limit.get_or_insert(PAGE))
                .ok();
            let given = |argument: &Argument<String>| argument.as_ref().ok().cloned().flatten();
            let (after, before) = (given(query.after), given(query.before));
            if after.is_some() && before.is_some() {
                let reason =
                    "a list is walked through from `after` or from `before`, not from both";
                return Err(Error::InvalidRequest(reason.to_owned()));
            }
            let normal = matches!(query.order, Ok(Some(PaginationOrder::Normal)));
            on = if normal {
                after.is_none()
            } else {
                before.is_none()
            };
            follow = if on == normal {
                Follow::Before
            } else {
                Follow::After
            };
            cursor = after.or(before);
        }
        Ok(Self {
            call,
            on,
            follow,
            cursor,
            begun: false,
        })
    }

    /// The next page, and the rest of the walk.
    async fn step(mut self) -> Result<Option<(ResponseValue<C::Page>, Option<Self>)>, Error> {
        let page = self.call.clone().fetch().await?;
        let empty = C::length(&page) == 0;
        if empty && self.begun {
            return Ok(None);
        }
        let cursors = C::cursors(&page, self.on);
        let next = match self.follow {
            Follow::After => cursors.after,
            Follow::Before => cursors.before,
        };
        let Some(next) = next.filter(|_| !empty) else {
            return Ok(Some((page, None)));
        };
        if self.cursor.as_ref() == Some(&next) {
            return Err(Error::RepeatedCursor {
                operation: C::OPERATION,
            });
        }
        if let Some(query) = self.call.query() {
            let (followed, other) = match self.follow {
                Follow::After => (query.after, query.before),
                Follow::Before => (query.before, query.after),
            };
            *followed = Ok(Some(next.clone()));
            *other = Ok(None);
        }
        self.cursor = Some(next);
        self.begun = true;
        Ok(Some((page, Some(self))))
    }
}

/// The pages of a list.
pub(crate) fn pages<'a, C: ListCall + 'a>(call: C) -> ListStream<'a, ResponseValue<C::Page>> {
    ListStream(Box::pin(walk(call).map_ok(|(page, _)| page)))
}

/// The items of a list.
pub(crate) fn stream<'a, C: ListCall + 'a>(call: C) -> ListStream<'a, C::Item> {
    let items = walk(call).map_ok(|(page, on)| {
        let mut items = C::items(page.into_inner());
        if !on {
            items.reverse();
        }
        stream::iter(items.into_iter().map(Ok))
    });
    ListStream(Box::pin(items.try_flatten()))
}

/// The pages, and whether they lead on.
fn walk<C: ListCall>(
    call: C,
) -> impl Stream<Item = Result<(ResponseValue<C::Page>, bool), Error>> + Send {
    enum State<C> {
        Fresh(C),
        Going(Walk<C>),
        Over,
    }
    stream::try_unfold(State::Fresh(call), |state| async {
        let walk = match state {
            State::Fresh(call) => Walk::begin(call)?,
            State::Going(walk) => walk,
            State::Over => return Ok(None),
        };
        let on = walk.on;
        let step = walk.step().await?;
        Ok(step.map(|(page, rest)| ((page, on), rest.map_or(State::Over, State::Going))))
    })
}

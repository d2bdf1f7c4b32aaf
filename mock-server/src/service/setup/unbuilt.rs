use super::*;
pub(super) struct Unbuilt;
impl Flow for Unbuilt {
    fn steps(&self, _: &Visit<'_>) -> Vec<Step> {
        Vec::new()
    }
    fn position(&self, _: &Visit<'_>) -> Position {
        Position::Done
    }
    fn page(&self, _: &Visit<'_>, _: &str, _: &Answers) -> Option<Page> {
        None
    }
    fn overview(&self, _: &Visit<'_>, _: &Answers) -> Overview {
        Overview::new("Unbuilt", "Unbuilt")
    }
    fn submit(&self, _: &mut Visit<'_>, _: &str, _: &Given<'_>) -> Result<Next, Error> {
        Ok(Next::Overview)
    }
    fn made(&self, _: &Visit<'_>) -> Vec<Made> {
        Vec::new()
    }
}

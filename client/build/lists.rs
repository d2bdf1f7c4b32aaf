//! Gives the calls of list operations what walking through their pages takes.

use serde_json::Value;
use syn::{File, Item, parse_str};

use crate::operations::operations;

/// A list operation.
#[derive(Debug, PartialEq)]
pub(crate) struct List {
    /// Such as `list_events`.
    operation: String,
    /// The type of a page.
    page: String,
    /// The component of what it lists.
    item: String,
    /// Whether it has cursors to ask with; otherwise it has one page.
    paged: bool,
    /// Whether a page is the items and nothing else.
    bare: bool,
    /// Whether a page says where the one before it ends. The ids of its items are cursors as well.
    tells_before: bool,
}

/// The list operations of a document: those that answer with `data`, mostly beside `list_metadata`, and those
/// that answer with an array.
///
/// # Errors
/// Names an operation that takes a cursor, but is not a list as the others are.
pub(crate) fn find(document: &Value) -> Result<Vec<List>, String> {
    let mut lists = Vec::new();
    for operation in operations(document) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let asks = |name| {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            parameters
                .into_iter()
                .any(|parameter| parameter["in"] == "query" && parameter["name"] == name)
        };
        let schema = &operation["responses"]["2XX"]["content"]["application/json"]["schema"];
        let (list, cursors_told) = list(document, id, schema).unzip();
        if !cursors_told.unwrap_or(false) && (asks("after") || asks("before")) {
            return Err(format!(
                "{id} takes a cursor, and does not answer with a list that has some"
            ));
        }
        let Some(list) = list else { continue };
        let cursors = ["after", "before", "limit", "order"].map(asks);
        if cursors.iter().any(|asks| *asks) && !cursors.iter().all(|asks| *asks) {
            return Err(format!("{id} has some parameters of a list, and not all"));
        }
        lists.push(List {
            paged: cursors[0],
            ..list
        });
    }
    Ok(lists)
}

/// A list, and whether its pages tell cursors.
fn list(document: &Value, operation: &str, schema: &Value) -> Option<(List, bool)> {
    let list = |item, page, bare, tells_before| List {
        operation: operation.to_owned(),
        page,
        item,
        paged: false,
        bare,
        tells_before,
    };
    if schema["type"] == "array" {
        let item = component(&schema["items"])?;
        let page = format!("::std::vec::Vec<crate::types::{item}>");
        return Some((list(item, page, true, false), false));
    }
    let page = component(schema)?;
    let properties = &document["components"]["schemas"][&page]["properties"];
    let item = component(&properties["data"]["items"])?;
    let page = format!("crate::types::{page}");
    let Some(metadata) = properties.get("list_metadata") else {
        return Some((list(item, page, false, false), false));
    };
    let metadata = &document["components"]["schemas"][component(metadata)?]["properties"];
    let tells_before = metadata.get("before").is_some();
    Some((list(item, page, false, tells_before), true))
}

/// The component that a schema refers to.
fn component(schema: &Value) -> Option<String> {
    if let Some([only]) = schema["allOf"].as_array().map(Vec::as_slice) {
        return component(only);
    }
    let name = schema["$ref"].as_str()?;
    name.strip_prefix("#/components/schemas/")
        .map(str::to_owned)
}

/// Adds to the calls of these operations `stream` and `pages`, and what both rest on.
///
/// # Errors
/// When the generated code has no module of calls.
pub(crate) fn add(file: &mut File, lists: &[List]) -> Result<(), String> {
    let builders = file.items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == "builder" => module.content.as_mut(),
        _ => None,
    });
    let (_, items) = builders.ok_or("the generated code has no module `builder`")?;
    for list in lists {
        let added: File = parse_str(&list.source()).map_err(|error| error.to_string())?;
        items.extend(added.items);
    }
    Ok(())
}

impl List {
    fn source(&self) -> String {
        let Self {
            operation,
            page,
            item,
            ..
        } = self;
        let call: String = operation
            .split('_')
            .map(|word| word[..1].to_uppercase() + &word[1..])
            .collect();
        let items = if self.bare { "page" } else { "page.data" };
        let query = if self.paged {
            "Some(crate::paginate::Query {
                after: &mut self.after, before: &mut self.before, limit: &mut self.limit, order: &mut self.order,
            })"
        } else {
            "None"
        };
        let (arguments, cursors) = match (self.paged, self.tells_before) {
            (false, _) => (
                "_: &Self::Page, _: bool",
                "crate::paginate::Cursors::default()",
            ),
            (true, true) => (
                "page: &Self::Page, _: bool",
                "crate::paginate::Cursors {
                    before: page.list_metadata.before.clone(),
                    after: page.list_metadata.after.clone(),
                }",
            ),
            (true, false) => (
                "page: &Self::Page, on: bool",
                "crate::paginate::Cursors {
                    before: crate::paginate::edge(&page.data, on).map(|item| item.id.to_string()),
                    after: page.list_metadata.after.clone(),
                }",
            ),
        };
        format!(
            r#"
            impl<'a> {call}<'a> {{
                /// Every item of the list, page by page as they are asked for; see [`crate::ListStream`].
                #[must_use = "nothing is asked for until the stream is read"]
                pub fn stream(self) -> crate::ListStream<'a, crate::types::{item}> {{
                    crate::paginate::stream(self)
                }}

                /// Every page of the list, one after another as they are asked for; see [`crate::ListStream`].
                #[must_use = "nothing is asked for until the stream is read"]
                pub fn pages(self) -> crate::ListStream<'a, ResponseValue<{page}>> {{
                    crate::paginate::pages(self)
                }}
            }}

            impl<'a> crate::paginate::ListCall for {call}<'a> {{
                type Page = {page};
                type Item = crate::types::{item};
                const OPERATION: &'static str = "{operation}";

                fn query(&mut self) -> Option<crate::paginate::Query<'_>> {{
                    {query}
                }}

                async fn fetch(self) -> Result<ResponseValue<Self::Page>, Error> {{
                    self.send().await
                }}

                fn cursors({arguments}) -> crate::paginate::Cursors {{
                    {cursors}
                }}

                fn length(page: &Self::Page) -> usize {{
                    {items}.len()
                }}

                fn items(page: Self::Page) -> Vec<Self::Item> {{
                    {items}
                }}
            }}
            "#
        )
    }
}

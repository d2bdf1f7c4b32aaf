//! Which operations are lists, and what their calls get.

use serde_json::{Value, json};

use crate::lists;

fn list_document(parameters: &[&str], schema: &Value) -> Value {
    let parameters: Vec<Value> = parameters
        .iter()
        .map(|name| json!({"in": "query", "name": name}))
        .collect();
    json!({
        "paths": {"/a": {"get": {
            "operationId": "list_things", "parameters": parameters,
            "responses": {"2XX": {"content": {"application/json": {"schema": schema}}}},
        }}},
        "components": {"schemas": {
            "ThingList": {"properties": {
                "data": {"items": {"$ref": "#/components/schemas/Thing"}},
                "list_metadata": {"allOf": [{"$ref": "#/components/schemas/Metadata"}]},
            }},
            "Metadata": {"properties": {"after": {}, "before": {}}},
            "Thing": {},
        }},
    })
}

#[test]
fn lists_are_found_and_their_calls_get_streams() {
    let page = json!({"$ref": "#/components/schemas/ThingList"});
    let mut file: syn::File = syn::parse_str("pub mod builder { pub struct ListThings; }").unwrap();
    let paged = lists::find(&list_document(
        &["after", "before", "limit", "order", "search"],
        &page,
    ));
    let paged = paged.unwrap();
    assert_eq!(paged.len(), 1);
    lists::add(&mut file, &paged).unwrap();
    let source = prettyplease::unparse(&file);
    for part in [
        "impl<'a> ListThings<'a> {",
        "pub fn stream(self) -> crate::ListStream<'a, crate::types::Thing> {",
        "pub fn pages(self) -> crate::ListStream<'a, ResponseValue<crate::types::ThingList>> {",
        "before: page.list_metadata.before.clone(),",
        "after: &mut self.after,",
    ] {
        let flat = source.split_whitespace().collect::<Vec<_>>().join(" ");
        let flat = flat
            .replace("( self, )", "(self)")
            .replace("ListStream< 'a", "ListStream<'a");
        assert!(flat.contains(part), "{part}\n{source}");
    }
    let one_page = lists::find(&list_document(&["search"], &page)).unwrap();
    assert_ne!(one_page, paged);

    let array = json!({"type": "array", "items": {"$ref": "#/components/schemas/Thing"}});
    let bare = lists::find(&list_document(&["search"], &array)).unwrap();
    assert_eq!(bare.len(), 1);
    assert_eq!(
        lists::find(&list_document(&["after"], &array)).unwrap_err(),
        "list_things takes a cursor, and does not answer with a list that has some"
    );
    let mut without = list_document(&[], &page);
    let list = &mut without["components"]["schemas"]["ThingList"]["properties"];
    list.as_object_mut().unwrap().remove("list_metadata");
    assert_eq!(lists::find(&without).unwrap().len(), 1);

    lists::add(&mut syn::parse_str("").unwrap(), &paged).unwrap_err();
}

#[test]
fn what_only_looks_like_a_list_is_refused() {
    let page = json!({"$ref": "#/components/schemas/ThingList"});
    assert_eq!(
        lists::find(&list_document(&["after", "limit"], &page)).unwrap_err(),
        "list_things has some parameters of a list, and not all"
    );
    let thing = json!({"$ref": "#/components/schemas/Thing"});
    assert_eq!(
        lists::find(&list_document(&["after"], &thing)).unwrap_err(),
        "list_things takes a cursor, and does not answer with a list that has some"
    );
    assert_eq!(
        lists::find(&list_document(&[], &thing)).unwrap(),
        [],
        "and what takes none is no list"
    );
}

//! The OpenAPI document is true to the routes: both come from one list, and this says so.

use crate::world::World;
use axum::body::Body;
use http::Request;
use serde_json::Value;

fn document() -> Value {
    serde_json::to_value(pingli_server::api::openapi()).unwrap()
}

fn operations() -> Vec<(String, String)> {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, methods)| methods.as_object().unwrap().keys().map(|m| (m.to_uppercase(), path.clone())))
        .collect()
}

#[test]
fn the_routes_are_these() {
    let mut lines: Vec<String> = operations().iter().map(|(method, path)| format!("{method} {path}")).collect();
    lines.sort();
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn every_operation_of_the_document_is_answered_by_a_route() {
    let world = World::new().await;
    for (method, path) in operations() {
        let path = path.replace("{round}", "1").replace(['{', '}'], "");
        let request = Request::builder().method(method.as_str()).uri(&path).body(Body::empty()).unwrap();
        let answer = world.send(request).await;
        assert!(!answer.text().contains("no such address"), "{method} {path} is described and not there");
        assert_ne!(answer.status.as_u16(), 405, "{method} {path} is described and not there");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|value| walk(value, found));
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
            _ => {}
        }
    }
    let document = document();
    assert_eq!(document["openapi"].as_str().map(|version| &version[..3]), Some("3.1"));
    let mut found = Vec::new();
    walk(&document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference} leads nowhere");
    }
}

#[test]
fn every_operation_says_what_can_go_wrong() {
    let document = document();
    for (method, path) in operations() {
        let operation = &document["paths"][&path][method.to_lowercase()];
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.contains_key("500"), "{method} {path}");
        assert!(operation["operationId"].is_string(), "{method} {path}");
        assert_eq!(operation["security"].is_array(), responses.contains_key("401"), "{method} {path}");
    }
}

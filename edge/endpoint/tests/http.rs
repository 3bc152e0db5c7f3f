//! Requests and responses over the toy shop of the golden files.

use edgewise_bundle::Bundle;
use edgewise_core::Scratch;
use edgewise_endpoint::{MAX_BODY_BYTES, Request, Response, answer, answer_json, without_bundle};
use expect_test::{Expect, expect};

const TOY: &[u8] = include_bytes!("../../../tests/golden/v1/toy.bundle");

fn ask(request: &Request<'_>) -> Response {
    answer(request, &Bundle::open(TOY).expect("the golden bundle opens"))
}

fn get(query: &str) -> Response {
    ask(&Request { method: "GET", path: "/recs", query, ..Request::default() })
}

fn post(content_type: &str, body: &[u8]) -> Response {
    let content_type = Some(content_type);
    ask(&Request { method: "POST", path: "/recs", content_type, body, ..Request::default() })
}

fn text(response: &Response) -> String {
    format!("{} {}\n", response.status, String::from_utf8_lossy(&response.body))
}

fn header<'r>(response: &'r Response, name: &str) -> Option<&'r str> {
    response.headers.iter().find(|header| header.0 == name).map(|header| header.1.as_str())
}

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "reads better where it is called")]
fn check(response: Response, expected: Expect) {
    expected.assert_eq(&text(&response));
}

#[test]
fn an_item_gets_similar_items_with_reasons_and_cards() {
    check(
        get("item=kettle&k=2"),
        expect![[r#"
            200 {"bundle":"9f4333bd2deb5a880caa4ce1c9a8a827968a3b0f211b2c8e4cec3269ac7704af","placement":"item","items":[{"item":"cup","score":3492298752,"from":"similar","because":[{"item":"kettle","relation":"similar","score":3492298752}],"card":{"title":"Cup & saucer","price":"3.25","currency":"EUR","image":"/pictures/cup.webp","category":"Tea"}},{"item":"spoon","score":430768128,"from":"similar","because":[{"item":"kettle","relation":"similar","score":430768128}],"card":{"title":"Spoon","price":"1.10","currency":"EUR","category":"Tea"}}]}
        "#]],
    );
}

#[test]
fn a_cart_gets_companions_and_a_history_gets_its_own() {
    check(
        get("cart=kettle,teapot&k=1&cards=0&explain=1"),
        expect![[r#"
            200 {"bundle":"9f4333bd2deb5a880caa4ce1c9a8a827968a3b0f211b2c8e4cec3269ac7704af","placement":"cart","items":[{"item":"cup","score":3410880000,"from":"together","base":3410880000,"rank":1,"rank_before":1,"because":[{"item":"teapot","relation":"together","score":2139029760},{"item":"kettle","relation":"together","score":1271850240}]}],"rules":[]}
        "#]],
    );
    check(
        get("history=hammer,kettle&k=2&cards=0"),
        expect![[r#"
            200 {"bundle":"9f4333bd2deb5a880caa4ce1c9a8a827968a3b0f211b2c8e4cec3269ac7704af","placement":"home","items":[{"item":"nails","score":2559351444,"from":"next","because":[{"item":"hammer","relation":"next","score":1530155040},{"item":"hammer","relation":"similar","score":1029196404}]},{"item":"teapot","score":2006423424,"from":"similar","because":[{"item":"kettle","relation":"similar","score":1961533440},{"item":"kettle","relation":"next","score":44889984}]}]}
        "#]],
    );
}

#[test]
fn a_new_visitor_gets_what_is_popular_in_the_region() {
    check(
        get("region=South&k=2&cards=0"),
        expect![[r#"
            200 {"bundle":"9f4333bd2deb5a880caa4ce1c9a8a827968a3b0f211b2c8e4cec3269ac7704af","placement":"home","items":[{"item":"spoon","score":65535,"from":"popular-in-region"},{"item":"kettle","score":65535,"from":"popular"}]}
        "#]],
    );
}

#[test]
fn names_that_the_bundle_does_not_know_are_ignored_and_reported() {
    check(
        get("item=sofa&history=lamp,cup&region=Moon&k=1&cards=0"),
        expect![[r#"
            200 {"bundle":"9f4333bd2deb5a880caa4ce1c9a8a827968a3b0f211b2c8e4cec3269ac7704af","placement":"item","items":[{"item":"kettle","score":1722478080,"from":"similar","because":[{"item":"cup","relation":"similar","score":1722478080}]}],"unknown":["sofa","lamp","Moon"]}
        "#]],
    );
    check(
        get("category=Sofas"),
        expect![[r#"
            200 {"bundle":"9f4333bd2deb5a880caa4ce1c9a8a827968a3b0f211b2c8e4cec3269ac7704af","placement":"home","items":[],"unknown":["Sofas"]}
        "#]],
    );
}

#[test]
fn ids_with_commas_spaces_and_signs_come_through() {
    check(
        get("cart=gift%2Ccard&placement=popular&k=1&cards=0&region=S%6futh"),
        expect![[r#"
            200 {"bundle":"9f4333bd2deb5a880caa4ce1c9a8a827968a3b0f211b2c8e4cec3269ac7704af","placement":"popular","items":[{"item":"spoon","score":65535,"from":"popular-in-region"}]}
        "#]],
    );
}

#[test]
fn wrong_parameters_are_named_with_what_is_allowed() {
    check(
        get("k=0"),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:bad-parameter","title":"A parameter has a value that is not allowed","status":400,"detail":"`k`: found `0`, allowed: a whole number from 1 to 100","code":"bad-parameter","parameter":"k","found":"0","allowed":"a whole number from 1 to 100"}
        "#]],
    );
    check(
        get("k=ten"),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:bad-parameter","title":"A parameter has a value that is not allowed","status":400,"detail":"`k`: found `ten`, allowed: a whole number from 1 to 100","code":"bad-parameter","parameter":"k","found":"ten","allowed":"a whole number from 1 to 100"}
        "#]],
    );
    check(
        get("histroy=a"),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:unknown-parameter","title":"A parameter does not exist","status":400,"detail":"found `histroy`, allowed: placement, item, history, ages, kinds, cart, region, category, segment, filter, exclude, seen, k, at, seed, visitor, explain, cards","code":"unknown-parameter","found":"histroy","allowed":"placement, item, history, ages, kinds, cart, region, category, segment, filter, exclude, seen, k, at, seed, visitor, explain, cards"}
        "#]],
    );
    check(
        get("k=1&k=2"),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:repeated-parameter","title":"A parameter was given twice","status":400,"detail":"`k`: found `k`, allowed: once","code":"repeated-parameter","parameter":"k","found":"k","allowed":"once"}
        "#]],
    );
    check(
        get("placement=sidebar"),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:bad-parameter","title":"A parameter has a value that is not allowed","status":400,"detail":"`placement`: found `sidebar`, allowed: item, together, cart, home, popular, trending","code":"bad-parameter","parameter":"placement","found":"sidebar","allowed":"item, together, cart, home, popular, trending"}
        "#]],
    );
    check(
        get("seen=maybe"),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:bad-parameter","title":"A parameter has a value that is not allowed","status":400,"detail":"`seen`: found `maybe`, allowed: hide or show","code":"bad-parameter","parameter":"seen","found":"maybe","allowed":"hide or show"}
        "#]],
    );
    check(
        get("explain=yes"),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:bad-parameter","title":"A parameter has a value that is not allowed","status":400,"detail":"`explain`: found `yes`, allowed: true or false; in a URL also 1 or 0","code":"bad-parameter","parameter":"explain","found":"yes","allowed":"true or false; in a URL also 1 or 0"}
        "#]],
    );
    check(
        get("item=%FF"),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:bad-parameter","title":"A parameter has a value that is not allowed","status":400,"detail":"`item`: found `%FF`, allowed: percent-encoded UTF-8","code":"bad-parameter","parameter":"item","found":"%FF","allowed":"percent-encoded UTF-8"}
        "#]],
    );
    check(
        get("item="),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:bad-parameter","title":"A parameter has a value that is not allowed","status":400,"detail":"`item`: found ``, allowed: 1 to 256 bytes","code":"bad-parameter","parameter":"item","found":"","allowed":"1 to 256 bytes"}
        "#]],
    );
}

#[test]
fn what_was_bought_lately_comes_again_when_it_may() {
    check(
        get("history=nails,cup&ages=2,0&kinds=purchase,view&seen=show&k=2&cards=0"),
        expect![[r#"
            200 {"bundle":"9f4333bd2deb5a880caa4ce1c9a8a827968a3b0f211b2c8e4cec3269ac7704af","placement":"home","items":[{"item":"cup","score":4278124800,"from":"again","because":[{"item":"cup","relation":"again","score":4278124800}]},{"item":"nails","score":3355392000,"from":"again","because":[{"item":"nails","relation":"again","score":3355392000}]}]}
        "#]],
    );
    for (query, parameter) in [
        ("history=nails,cup&ages=2", "ages"),
        ("history=nails&ages=2,3", "ages"),
        ("history=nails&ages=65536", "ages"),
        ("history=nails,cup&kinds=view", "kinds"),
        ("history=nails&kinds=stolen", "kinds"),
        ("ages=1", "ages"),
        ("kinds=view", "kinds"),
    ] {
        let refused = get(query);
        assert_eq!(refused.status, 400, "{query}");
        assert!(text(&refused).contains(&format!("\"parameter\":\"{parameter}\"")), "{query}");
    }
}

#[test]
fn lists_and_lengths_have_limits() {
    let list = |n: usize| vec!["a"; n].join(",");
    check(
        get(&format!("history={}", list(1_001))),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:bad-parameter","title":"A parameter has a value that is not allowed","status":400,"detail":"`history`: found `1001 items`, allowed: at most 1000 items","code":"bad-parameter","parameter":"history","found":"1001 items","allowed":"at most 1000 items"}
        "#]],
    );
    check(
        get(&format!("cart={}", list(101))),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:bad-parameter","title":"A parameter has a value that is not allowed","status":400,"detail":"`cart`: found `101 items`, allowed: at most 100 items","code":"bad-parameter","parameter":"cart","found":"101 items","allowed":"at most 100 items"}
        "#]],
    );
    check(
        get(&format!("exclude={}", list(1_001))),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:bad-parameter","title":"A parameter has a value that is not allowed","status":400,"detail":"`exclude`: found `1001 items`, allowed: at most 1000 items","code":"bad-parameter","parameter":"exclude","found":"1001 items","allowed":"at most 1000 items"}
        "#]],
    );
    check(
        get(&format!("item={}", "x".repeat(257))),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:bad-parameter","title":"A parameter has a value that is not allowed","status":400,"detail":"`item`: found `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…`, allowed: 1 to 256 bytes","code":"bad-parameter","parameter":"item","found":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…","allowed":"1 to 256 bytes"}
        "#]],
    );
    check(
        get(&format!("item={}", "x".repeat(8_192))),
        expect![[r#"
            414 {"type":"urn:edgewise:problem:query-too-long","title":"The query of the URL is too long","status":414,"detail":"found `8197 bytes`, allowed: at most 8192 bytes; longer histories go into a POST body","code":"query-too-long","found":"8197 bytes","allowed":"at most 8192 bytes; longer histories go into a POST body"}
        "#]],
    );
    assert_eq!(get(&format!("history={}&exclude={}", list(1_000), list(1_000))).status, 200);
}

#[test]
fn a_body_asks_the_same_as_a_url() {
    let body = br#"{"placement":"item","item":"kettle","history":["cup"],"region":"North","k":3,"explain":true}"#;
    let posted = post("application/json; charset=utf-8", body);
    let got = get("placement=item&item=kettle&history=cup&region=North&k=3&explain=1");
    assert_eq!(text(&posted), text(&got));
    let bundle = Bundle::open(TOY).unwrap();
    assert_eq!(answer_json(&bundle, &mut Scratch::default(), body), Ok(posted.body));
    let message =
        rmp_serde::to_vec_named(&serde_json::from_slice::<serde_json::Value>(body).unwrap())
            .unwrap();
    assert_eq!(text(&post("application/msgpack", &message)), text(&got));
}

#[test]
#[expect(clippy::too_many_lines, reason = "cases as data")]
fn wrong_bodies_are_problems() {
    let json = |body: &str| post("application/json", body.as_bytes());
    check(
        json(""),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:bad-body","title":"The body cannot be read","status":400,"detail":"found `the end`, allowed: a map, `{` at byte 0","code":"bad-body","found":"the end","allowed":"a map, `{` at byte 0"}
        "#]],
    );
    check(
        json("[1]"),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:bad-body","title":"The body cannot be read","status":400,"detail":"found `[1]`, allowed: a map, `{` at byte 0","code":"bad-body","found":"[1]","allowed":"a map, `{` at byte 0"}
        "#]],
    );
    check(
        json(r#"{"k":"ten"}"#),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:bad-parameter","title":"A parameter has a value that is not allowed","status":400,"detail":"`k`: found `ten`, allowed: a whole number from 1 to 100","code":"bad-parameter","parameter":"k","found":"ten","allowed":"a whole number from 1 to 100"}
        "#]],
    );
    check(
        json(r#"{"k":-1}"#),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:bad-parameter","title":"A parameter has a value that is not allowed","status":400,"detail":"`k`: found `a number below zero`, allowed: a whole number from 1 to 100","code":"bad-parameter","parameter":"k","found":"a number below zero","allowed":"a whole number from 1 to 100"}
        "#]],
    );
    check(
        json(r#"{"history":"a,b"}"#),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:bad-parameter","title":"A parameter has a value that is not allowed","status":400,"detail":"`history`: found `a,b`, allowed: a list of item ids","code":"bad-parameter","parameter":"history","found":"a,b","allowed":"a list of item ids"}
        "#]],
    );
    check(
        json(r#"{"user":1}"#),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:unknown-parameter","title":"A parameter does not exist","status":400,"detail":"found `user`, allowed: placement, item, history, ages, kinds, cart, region, category, segment, filter, exclude, seen, k, at, seed, visitor, explain, cards","code":"unknown-parameter","found":"user","allowed":"placement, item, history, ages, kinds, cart, region, category, segment, filter, exclude, seen, k, at, seed, visitor, explain, cards"}
        "#]],
    );
    check(
        json(r#"{"k":1,"k":2}"#),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:repeated-parameter","title":"A parameter was given twice","status":400,"detail":"`k`: found `k`, allowed: once","code":"repeated-parameter","parameter":"k","found":"k","allowed":"once"}
        "#]],
    );
    check(
        json(r#"{"k":1} {}"#),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:bad-body","title":"The body cannot be read","status":400,"detail":"found `{}`, allowed: the end at byte 8","code":"bad-body","found":"{}","allowed":"the end at byte 8"}
        "#]],
    );
    check(
        post("application/msgpack", b"\x80\x80"),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:bad-body","title":"The body cannot be read","status":400,"detail":"found `bytes that are no text`, allowed: the end at byte 1","code":"bad-body","found":"bytes that are no text","allowed":"the end at byte 1"}
        "#]],
    );
    check(
        post("application/msgpack", b"\xc1"),
        expect![[r#"
            400 {"type":"urn:edgewise:problem:bad-body","title":"The body cannot be read","status":400,"detail":"found `bytes that are no text`, allowed: a map at byte 0","code":"bad-body","found":"bytes that are no text","allowed":"a map at byte 0"}
        "#]],
    );
    check(
        post("text/csv", b"a"),
        expect![[r#"
            415 {"type":"urn:edgewise:problem:unsupported-media-type","title":"The body's media type is not read","status":415,"detail":"found `text/csv`, allowed: application/json or application/vnd.msgpack","code":"unsupported-media-type","found":"text/csv","allowed":"application/json or application/vnd.msgpack"}
        "#]],
    );
    check(
        post("application/json", &vec![b' '; MAX_BODY_BYTES + 1]),
        expect![[r#"
            413 {"type":"urn:edgewise:problem:body-too-large","title":"The body is too large","status":413,"detail":"found `a longer body`, allowed: at most 65536 bytes","code":"body-too-large","found":"a longer body","allowed":"at most 65536 bytes"}
        "#]],
    );
}

#[test]
fn message_pack_holds_what_json_holds() {
    let (method, path, query) = ("GET", "/recs", "item=kettle&k=5");
    let accept = Some("application/vnd.msgpack");
    let packed = ask(&Request { method, path, query, accept, ..Request::default() });
    assert_eq!(header(&packed, "content-type"), Some("application/vnd.msgpack"));
    let unpacked: serde_json::Value = rmp_serde::from_slice(&packed.body).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&get(query).body).unwrap();
    assert_eq!(unpacked, json);
    let refused = ask(&Request { method, path, accept: Some("image/png"), ..Request::default() });
    check(
        refused,
        expect![[r#"
            406 {"type":"urn:edgewise:problem:not-acceptable","title":"No accepted media type can be made","status":406,"detail":"found `image/png`, allowed: application/json or application/vnd.msgpack","code":"not-acceptable","found":"image/png","allowed":"application/json or application/vnd.msgpack"}
        "#]],
    );
}

#[test]
fn answers_can_be_cached_and_asked_for_again() {
    let first = get("item=kettle");
    let etag = header(&first, "etag").expect("an etag");
    assert_eq!(
        header(&first, "cache-control"),
        Some("public, max-age=300, stale-while-revalidate=3600")
    );
    assert_eq!(header(&first, "vary"), Some("accept"));
    assert_eq!(header(&get("history=cup"), "cache-control"), Some("private, max-age=60"));
    let again = |query, accept, known| {
        let (method, path) = ("GET", "/recs");
        ask(&Request {
            method,
            path,
            query,
            accept,
            if_none_match: Some(known),
            ..Request::default()
        })
    };
    let weak = format!("\"other\", W/{etag}");
    for known in [etag, "*", &weak] {
        let unchanged = again("item=kettle", None, known);
        assert_eq!((unchanged.status, unchanged.body.len()), (304, 0));
        assert_eq!(header(&unchanged, "etag"), Some(etag));
    }
    assert_eq!(again("item=cup", None, etag).status, 200);
    assert_eq!(again("item=kettle", Some("application/msgpack"), etag).status, 200);
}

#[test]
fn other_paths_and_methods_are_answered_too() {
    let of = |method, path| ask(&Request { method, path, ..Request::default() });
    check(
        of("GET", "/health"),
        expect![[r#"
            200 {"status":"ok","bundle":"9f4333bd2deb5a880caa4ce1c9a8a827968a3b0f211b2c8e4cec3269ac7704af"}
        "#]],
    );
    check(
        of("GET", "/version"),
        expect![[r#"
            200 {"name":"edgewise","version":"0.0.0","format":1,"bundle":"9f4333bd2deb5a880caa4ce1c9a8a827968a3b0f211b2c8e4cec3269ac7704af","items":8}
        "#]],
    );
    check(
        of("GET", "/recs/"),
        expect![[r#"
            404 {"type":"urn:edgewise:problem:not-found","title":"Nothing is served at this path","status":404,"detail":"found `/recs/`, allowed: /recs, /v1/recs, /v1/similar, /v1/popular, /v1/trending, /v1/batch, /v1/explain, /v1/items, /v1/items/{id}, /health, /version","code":"not-found","found":"/recs/","allowed":"/recs, /v1/recs, /v1/similar, /v1/popular, /v1/trending, /v1/batch, /v1/explain, /v1/items, /v1/items/{id}, /health, /version"}
        "#]],
    );
    check(
        of("DELETE", "/recs"),
        expect![[r#"
            405 {"type":"urn:edgewise:problem:method-not-allowed","title":"The path does not take this method","status":405,"detail":"found `DELETE`, allowed: GET, HEAD, POST, OPTIONS","code":"method-not-allowed","found":"DELETE","allowed":"GET, HEAD, POST, OPTIONS"}
        "#]],
    );
    check(
        of("POST", "/health"),
        expect![[r#"
            405 {"type":"urn:edgewise:problem:method-not-allowed","title":"The path does not take this method","status":405,"detail":"found `POST`, allowed: GET, HEAD, OPTIONS","code":"method-not-allowed","found":"POST","allowed":"GET, HEAD, OPTIONS"}
        "#]],
    );
    assert_eq!(header(&of("POST", "/health"), "allow"), Some("GET, HEAD, OPTIONS"));
    let preflight = of("OPTIONS", "/recs");
    assert_eq!(preflight.status, 204);
    assert_eq!(
        header(&preflight, "access-control-allow-methods"),
        Some("GET, HEAD, POST, OPTIONS")
    );
    assert_eq!(header(&preflight, "access-control-allow-origin"), Some("*"));
    let head = of("HEAD", "/recs");
    assert_eq!((head.status, head.body.len()), (200, 0));
    check(
        without_bundle(&Request { path: "/recs", ..Request::default() }),
        expect![[r#"
            503 {"type":"urn:edgewise:problem:no-bundle","title":"The component carries no bundle","status":503,"detail":"found `/recs`, allowed: a component made by `edgewise bake`","code":"no-bundle","found":"/recs","allowed":"a component made by `edgewise bake`"}
        "#]],
    );
}

#[test]
fn hostile_queries_and_bodies_never_panic() {
    let mut state = 3u64;
    let mut random = |n: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    let alphabet: Vec<char> = "item=history&,cart%2FF+k9\"{}[]:\\u00🙂\0".chars().collect();
    for _ in 0..20_000 {
        let mut text = || -> String {
            (0..random(40))
                .map(|_| alphabet[usize::try_from(random(alphabet.len() as u64)).unwrap()])
                .collect()
        };
        let (query, body) = (text(), text());
        let _ = get(&query);
        let _ = post("application/json", body.as_bytes());
        let _ = post("application/msgpack", body.as_bytes());
    }
}

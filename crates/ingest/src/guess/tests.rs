//! Guesses for the exports of several shops.

use std::fs;

use edgewise_core::interactions::EventKind;

use super::*;
use crate::settings::{ItemCase, PricePer, TimeFormat};

fn guess_text(name: &str, text: &str) -> Result<Guess, IngestError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    guess(&Sources::new([path]), &Columns::default())
}

fn shown(columns: &Columns) -> String {
    let pairs: Vec<String> = Role::ALL
        .into_iter()
        .filter_map(|role| Some(format!("{}={}", role.key(), columns.get(role)?)))
        .collect();
    pairs.join(" ")
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let name = if text.starts_with('{') { "log.jsonl" } else { "log.csv" };
    assert_eq!(shown(&guess_text(name, text).unwrap().columns), expected);
}

#[test]
fn exports_of_several_shops_are_recognised() {
    check(
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
         536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n",
        "item=StockCode user=CustomerID order=InvoiceNo time=InvoiceDate quantity=Quantity price=UnitPrice \
         region=Country title=Description",
    );
    check(
        "event_timestamp,event_name,user_pseudo_id,ga_session_id,item_id,item_name,item_category,price,quantity\n\
         1592337718000000,view_item,1.2,77,SKU1,Mug,Home,9.5,\n\
         1592337718000000,purchase,1.2,77,SKU1,Mug,Home,9.5,1\n",
        "item=item_id user=user_pseudo_id order=ga_session_id time=event_timestamp kind=event_name quantity=quantity \
         price=price title=item_name category=item_category",
    );
    check(
        "Name,Email,Paid at,Total,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Created at,Shipping Country\n\
         #1001,a@b.c,2023-05-01 12:34:56 -0400,20.00,2,Mug,10.00,MUG-1,2023-05-01 12:34:56 -0400,US\n",
        "item=Lineitem sku user=Email order=Name time=Created at quantity=Lineitem quantity price=Lineitem price \
         region=Shipping Country title=Lineitem name",
    );
    check(
        "timestamp,visitorid,event,itemid,transactionid\n1433221332117,257597,view,355908,\n\
         1433221332118,257597,transaction,355908,4000\n",
        "item=itemid user=visitorid order=transactionid time=timestamp kind=event",
    );
    check(
        "household_id,store_id,basket_id,product_id,quantity,sales_value,retail_disc,week,transaction_timestamp\n\
         2261,309,31625220889,940996,1.0,3.86,0.43,5,2017-01-28 19:06:53\n",
        "item=product_id user=household_id order=basket_id time=transaction_timestamp quantity=quantity \
         price=sales_value region=store_id",
    );
    check(
        "SessionId\tItemId\tTime\n10036\t14957\t1592337718.0\n",
        "item=ItemId order=SessionId time=Time",
    );
    check(
        "userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n",
        "item=movieId user=userId time=timestamp",
    );
    check(
        "order_id,product_id,add_to_cart_order,reordered\n2,33120,1,1\n",
        "item=product_id order=order_id",
    );
    check(
        "Bestellnummer;Kundennummer;Bestelldatum;Artikelnummer;Bezeichnung;Menge;Einzelpreis\n\
         1;7;01.12.2010;A1;Tasse, rot;2;3,50\n",
        "item=Artikelnummer user=Kundennummer order=Bestellnummer time=Bestelldatum quantity=Menge price=Einzelpreis \
         title=Bezeichnung",
    );
    check(
        "{\"event_name\":\"view_item\",\"device\":{\"os\":\"d\"},\"items\":[{\"item_id\":\"a\",\"price\":2}]}\n",
        "item=items[].item_id kind=event_name price=items[].price",
    );
}

#[test]
fn values_must_fit_the_header() {
    let guess = guess_text(
        "log.csv",
        "sku,time,day,quantity,event,price\n1,morning,2010-12-01,two,lunch,\n2,evening,2010-12-02,one,dinner,\n",
    )
    .unwrap();
    assert_eq!(shown(&guess.columns), "item=sku time=day");
    let of = |key| guess.reasons.iter().find(|reason| reason.key == key).unwrap();
    assert_eq!(of("time").considered[0].column, "time");
    assert!(of("time").considered[0].why.contains("`morning`"), "{:?}", of("time"));
    assert!(of("quantity").considered[0].why.contains("not numbers"), "{:?}", of("quantity"));
    assert!(of("kind").considered[0].why.contains("known kind"), "{:?}", of("kind"));
    assert_eq!(of("price").considered[0].why, "it is empty");
}

#[test]
fn headers_that_nobody_uses_are_known_by_their_end_or_their_values() {
    check(
        "shop_product_id,wann,was\n1,2010-12-01,view\n2,2010-12-02,buy\n",
        "item=shop_product_id time=wann kind=was",
    );
    // A date is not an order only because its header begins like one.
    check("sku,InvoiceDate\n1,2010-12-01\n2,2010-12-02\n", "item=sku time=InvoiceDate");
}

#[test]
fn settings_follow_columns_and_values() {
    let settings = |text| guess_text("log.csv", text).unwrap().settings;
    let clicks = settings("SessionId,ItemId\n1,2\n");
    assert_eq!(clicks.kind_when_absent, EventKind::View);
    assert_eq!(settings("order_id,sku\n1,2\n").kind_when_absent, EventKind::Purchase);
    assert_eq!(settings("userId,movieId\n1,2\n").kind_when_absent, EventKind::View);
    let lines = settings("sku,quantity,sales_value\n1,2,5.0\n");
    assert_eq!((lines.price_per, lines.kind_when_absent), (PricePer::Line, EventKind::Purchase));
    let days = settings("sku,date\n1,13/2/2011\n2,1/2/2011\n");
    assert_eq!(days.time_format, TimeFormat::DayFirst);
    let months = settings("sku,date\n1,2/13/2011\n2,1/2/2011\n");
    assert_eq!(months.time_format, TimeFormat::MonthFirst);
    assert_eq!(settings("sku,date\n1,3/2/2011\n").time_format, TimeFormat::Auto);
    assert_eq!(settings("sku,title\na1,Mug\nA1,mug \n").item_case, ItemCase::Upper);
    assert_eq!(settings("sku,title\na1,Mug\nA1,Pot\n").item_case, ItemCase::Keep);
}

#[test]
fn named_columns_are_kept_and_not_given_out_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.csv");
    fs::write(&path, "item_id,sku,user\n1,2,3\n").unwrap();
    let given = Columns { user: Some("item_id".into()), ..Columns::default() };
    let guess = guess(&Sources::new([path]), &given).unwrap();
    assert_eq!(shown(&guess.columns), "item=sku user=item_id");
    assert_eq!(guess.reasons[1].why, "named by you");
    assert_eq!(guess.reasons[0].considered[0].why, "already taken as a user id");
}

#[test]
fn nothing_to_guess_from_says_what_is_missing() {
    let error = guess_text("log.csv", "a,b\n1,2\n").unwrap_err();
    assert!(error.to_string().contains("its columns are `a`, `b`"), "{error}");
    assert!(error.hint().unwrap().contains("[columns]\nitem = \"a\""));
    let error = guess_text("log.csv", "").unwrap_err();
    assert!(matches!(error, IngestError::EmptyFile { .. }), "{error}");
}

#[test]
fn a_catalogue_is_recognised_and_stock_is_no_region() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("feed.tsv");
    let feed = "id\ttitle\tlink\timage_link\tprice\tavailability\tproduct_type\tcountries\tbrand\titem_group_id\n\
                1\tMug\thttps://x/1\thttps://x/1.png\t9.50 GBP\tin stock\tHome\tGB|DE\tAcme\tM1\n";
    fs::write(&path, feed).unwrap();
    let guess = guess_catalog(&Sources::new([path]), &CatalogColumns::default()).unwrap();
    let named = |name: &str| Some(name.to_owned());
    let expected = CatalogColumns {
        id: named("id"),
        title: named("title"),
        price: named("price"),
        url: named("link"),
        image: named("image_link"),
        category: named("product_type"),
        availability: named("countries"),
        brand: named("brand"),
        product: named("item_group_id"),
        ..CatalogColumns::default()
    };
    assert_eq!(guess.columns, expected);
    assert_eq!(guess.reasons.last().map(|reason| reason.key), Some("availability"));
}

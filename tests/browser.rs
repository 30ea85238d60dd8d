//! The scripted browser: it opens the sign-in page, fills in the form, and follows the redirect.

use reqwest::header;
use url::Url;

fn unescape(text: &str) -> String {
    text.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// The value of an attribute in a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| unescape(value))
}

/// The names and values of the form's hidden fields.
fn hidden_fields(page: &str) -> Vec<(String, String)> {
    let tags = page.split("<input").skip(1).filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag));
    tags.filter(|tag| attribute(tag, "type").as_deref() == Some("hidden"))
        .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default())))
        .collect()
}

/// Signs in on the page at `url` and comes back to the program; answers with the page it shows.
pub async fn sign_in_by_script(url: &str, name: &str, password: &str) -> String {
    let http = pingli_client::remote::build_http(&pingli_client::remote::HttpConfig::default()).expect("a client");
    sign_in_with(http.client(), url, name, password).await
}

/// The same with a browser that trusts what `http` trusts.
pub async fn sign_in_with(http: &reqwest::Client, url: &str, name: &str, password: &str) -> String {
    let page = http.get(url).send().await.expect("the sign-in page");
    let cookie = page.headers().get(header::SET_COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    let mut fields = hidden_fields(&page.text().await.expect("a page"));
    fields.push(("name".to_owned(), name.to_owned()));
    fields.push(("password".to_owned(), password.to_owned()));
    let mut form = Url::parse(url).expect("an address");
    form.set_query(None);
    let answer = http.post(form).header(header::COOKIE, cookie).form(&fields).send().await.expect("an answer");
    assert_eq!(answer.status(), 303, "name and password are taken");
    let back = answer.headers().get(header::LOCATION).and_then(|value| value.to_str().ok()).expect("a way back");
    http.get(back).send().await.expect("the program listens").text().await.expect("its page")
}

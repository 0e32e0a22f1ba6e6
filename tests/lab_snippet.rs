//! What is pasted into other pages, sign by sign.

use init_lab::lab::link::Lab;
use init_lab::lab::snippet::{Embedding, Snippet, quoted_link};

/// Signs that mean something somewhere.
const NASTY: &str = r#""Q" & <b>'K'</b> [a](b) \n *x* {y} $z$ ~|_`"#;

#[track_caller]
fn check(home: &str, link: &str, title: &str, height: Option<u32>, texts: [(Snippet, &str); 9]) {
    let (lab, notices) = Lab::from_link(link);
    assert_eq!(notices, []);
    let embedding = Embedding { home, lab: &lab, title, height, usual_height: 640 };
    assert_eq!(texts.map(|(snippet, _)| snippet).as_slice(), Snippet::ALL);
    for (snippet, text) in texts {
        assert_eq!(snippet.text(&embedding), text, "{snippet:?}");
    }
}

#[test]
fn a_plain_lab() {
    let texts = [
        (Snippet::Link, "https://example.org/lab/#v=1"),
        (
            Snippet::Html,
            r#"<iframe src="https://example.org/lab/#v=1&amp;embed=1" title="A" width="100%" height="640" style="border:0" loading="lazy"></iframe>"#,
        ),
        (
            Snippet::Markdown,
            r#"<div>
<iframe src="https://example.org/lab/#v=1&amp;embed=1" title="A" width="100%" height="640" frameBorder="0" loading="lazy"></iframe>
</div>"#,
        ),
        (Snippet::MarkdownLink, "[A](https://example.org/lab/#v=1)"),
        (Snippet::Github, "[![A](poster.svg)](https://example.org/lab/#v=1)"),
        (
            Snippet::Element,
            r#"<script src="https://example.org/lab/embed.js"></script>
<init-lab title="A"><a href="https://example.org/lab/#v=1">A</a></init-lab>"#,
        ),
        (
            Snippet::ElementPoster,
            r#"<script src="https://example.org/lab/embed.js"></script>
<init-lab title="A"><a href="https://example.org/lab/#v=1"><img src="poster.svg" alt="A"></a></init-lab>"#,
        ),
        (
            Snippet::Jupyter,
            r#"from IPython.display import IFrame

IFrame("https://example.org/lab/#v=1&embed=1", width="100%", height=640,
       extras=["title=\"A\""])"#,
        ),
        (
            Snippet::Lms,
            r#"<iframe src="https://example.org/lab/#v=1&amp;embed=1" title="A" width="100%" height="640" frameborder="0" loading="lazy"></iframe>"#,
        ),
    ];
    check("https://example.org/lab/", "v=1", "A", None, texts);
}

#[test]
fn an_address_and_a_title_with_signs_that_mean_something() {
    let link = "x=llama&lang=vi&theme=dark&autoplay=1&show=std,variance&hide=loss&lock=std,play";
    let texts = [
        (
            Snippet::Link,
            r#"https://example.org/a(1)/b'c/"&<\/#v=1&x=llama&lang=vi&theme=dark&autoplay=1&show=std,variance&hide=loss&lock=std,play"#,
        ),
        (
            Snippet::Html,
            r#"<iframe src="https://example.org/a(1)/b'c/&quot;&amp;&lt;\/#v=1&amp;x=llama&amp;lang=vi&amp;theme=dark&amp;embed=1&amp;autoplay=1&amp;show=std,variance&amp;hide=loss&amp;lock=std,play" title="&quot;Q&quot; &amp; &lt;b&gt;'K'&lt;/b&gt; [a](b) \n *x* {y} $z$ ~|_`" width="100%" height="640" style="border:0" loading="lazy"></iframe>"#,
        ),
        (
            Snippet::Markdown,
            r#"<div>
<iframe src="https://example.org/a(1)/b'c/&quot;&amp;&lt;\/#v=1&amp;x=llama&amp;lang=vi&amp;theme=dark&amp;embed=1&amp;autoplay=1&amp;show=std,variance&amp;hide=loss&amp;lock=std,play" title="&quot;Q&quot; &amp; &lt;b&gt;'K'&lt;/b&gt; [a](b) \n *x* {y} $z$ ~|_`" width="100%" height="640" frameBorder="0" loading="lazy"></iframe>
</div>"#,
        ),
        (
            Snippet::MarkdownLink,
            r##"["Q" &#38; &#60;b&#62;'K'&#60;/b&#62; \[a\](b) \\n \*x\* \{y\} &#36;z&#36; &#126;&#124;\_\`](https://example.org/a%281%29/b'c/"&%3C%5C/#v=1&x=llama&lang=vi&theme=dark&autoplay=1&show=std,variance&hide=loss&lock=std,play)"##,
        ),
        (
            Snippet::Github,
            r##"[!["Q" &#38; &#60;b&#62;'K'&#60;/b&#62; \[a\](b) \\n \*x\* \{y\} &#36;z&#36; &#126;&#124;\_\`](poster.svg)](https://example.org/a%281%29/b'c/"&%3C%5C/#v=1&x=llama&lang=vi&theme=dark&autoplay=1&show=std,variance&hide=loss&lock=std,play)"##,
        ),
        (
            Snippet::Element,
            r#"<script src="https://example.org/a(1)/b'c/&quot;&amp;&lt;\/embed.js"></script>
<init-lab experiment="llama" lang="vi" theme="dark" autoplay show="std,variance" hide="loss" lock="std,play" title="&quot;Q&quot; &amp; &lt;b&gt;'K'&lt;/b&gt; [a](b) \n *x* {y} $z$ ~|_`"><a href="https://example.org/a(1)/b'c/&quot;&amp;&lt;\/#v=1&amp;x=llama&amp;lang=vi&amp;theme=dark&amp;autoplay=1&amp;show=std,variance&amp;hide=loss&amp;lock=std,play">&quot;Q&quot; &amp; &lt;b&gt;'K'&lt;/b&gt; [a](b) \n *x* {y} $z$ ~|_`</a></init-lab>"#,
        ),
        (
            Snippet::ElementPoster,
            r#"<script src="https://example.org/a(1)/b'c/&quot;&amp;&lt;\/embed.js"></script>
<init-lab experiment="llama" lang="vi" theme="dark" autoplay show="std,variance" hide="loss" lock="std,play" title="&quot;Q&quot; &amp; &lt;b&gt;'K'&lt;/b&gt; [a](b) \n *x* {y} $z$ ~|_`"><a href="https://example.org/a(1)/b'c/&quot;&amp;&lt;\/#v=1&amp;x=llama&amp;lang=vi&amp;theme=dark&amp;autoplay=1&amp;show=std,variance&amp;hide=loss&amp;lock=std,play"><img src="poster.svg" alt="&quot;Q&quot; &amp; &lt;b&gt;'K'&lt;/b&gt; [a](b) \n *x* {y} $z$ ~|_`"></a></init-lab>"#,
        ),
        (
            Snippet::Jupyter,
            r#"from IPython.display import IFrame

IFrame("https://example.org/a(1)/b'c/\"&<\\/#v=1&x=llama&lang=vi&theme=dark&embed=1&autoplay=1&show=std,variance&hide=loss&lock=std,play", width="100%", height=640,
       extras=["title=\"&quot;Q&quot; &amp; &lt;b&gt;'K'&lt;/b&gt; [a](b) \\n *x* {y} $z$ ~|_`\""])"#,
        ),
        (
            Snippet::Lms,
            r#"<iframe src="https://example.org/a(1)/b'c/&quot;&amp;&lt;\/#v=1&amp;x=llama&amp;lang=vi&amp;theme=dark&amp;embed=1&amp;autoplay=1&amp;show=std,variance&amp;hide=loss&amp;lock=std,play" title="&quot;Q&quot; &amp; &lt;b&gt;'K'&lt;/b&gt; [a](b) \n *x* {y} $z$ ~|_`" width="100%" height="640" frameborder="0" loading="lazy"></iframe>"#,
        ),
    ];
    check(r#"https://example.org/a(1)/b'c/"&<\/"#, link, NASTY, None, texts);
}

#[test]
fn a_formula_and_a_height() {
    let link = "init=formula&formula=sqrt(2/fan_in)%2B0*(1%2Bdepth)%2Bmax(1,+2)^2&depth=3";
    let quoted = "#v=1&init=formula&formula=sqrt%282/fan_in%29%2B0%2A%281%2Bdepth%29%2Bmax%281,+2%29%5E2&depth=3";
    let lab = Lab::from_link(link).0;
    assert_eq!(quoted_link(&lab), quoted);
    assert_eq!(Lab::from_link(quoted), (lab.clone(), Vec::new()));
    let embedding = Embedding {
        home: "https://example.org/lab/",
        lab: &lab,
        title: "Độ lệch",
        height: Some(432),
        usual_height: 640,
    };
    let text = |snippet: Snippet| snippet.text(&embedding);
    let address = format!("https://example.org/lab/{}", quoted.replace('&', "&amp;"));
    assert_eq!(
        text(Snippet::Element),
        format!(
            r#"<script src="https://example.org/lab/embed.js"></script>
<init-lab init="formula" formula="sqrt(2/fan_in)+0*(1+depth)+max(1, 2)^2" depth="3" title="Độ lệch" height="432"><a href="{address}">Độ lệch</a></init-lab>"#
        ),
    );
    assert_eq!(text(Snippet::MarkdownLink), format!("[Độ lệch](https://example.org/lab/{quoted})"));
    for snippet in [Snippet::Html, Snippet::Markdown, Snippet::Lms] {
        assert!(text(snippet).contains(r#" height="432" "#), "{snippet:?}");
    }
    assert!(text(Snippet::Jupyter).contains(&format!("/lab/{quoted}&embed=1\", width=\"100%\", height=432,\n")));
}

/// An attribute `width` that looks like pixels is named below the lab, and a teacher's network is not.
#[test]
fn a_wide_network_is_written_as_a_link() {
    for (width, attribute) in [("299", r#" width="299""#), ("300", r##" link="#v=1&amp;width=300""##)] {
        let lab = Lab::from_link(&format!("width={width}&depth=2")).0;
        let embedding = Embedding { home: "/", lab: &lab, title: "A", height: None, usual_height: 640 };
        let text = Snippet::Element.text(&embedding);
        assert!(
            text.contains(&format!(
                "<init-lab depth=\"2\"{attribute} title=\"A\"><a href=\"/#v=1&amp;depth=2&amp;width={width}\">"
            )),
            "{text}"
        );
    }
}

/// However a link is opened, what is pasted as a frame is embedded, and a link is not.
#[test]
fn only_frames_are_embedded() {
    for link in ["", "embed=1"] {
        let lab = Lab::from_link(link).0;
        let embedding = Embedding { home: "/", lab: &lab, title: "A", height: None, usual_height: 640 };
        for snippet in Snippet::ALL {
            let text = snippet.text(&embedding);
            assert_eq!(text.contains("embed=1"), snippet.has_height(), "{snippet:?}");
            assert_eq!(text.contains("640"), snippet.has_height(), "{snippet:?}");
            assert_eq!(text.contains("poster.svg"), snippet.has_poster(), "{snippet:?}");
        }
    }
    let kinds: Vec<&str> = Snippet::ALL.iter().map(|snippet| snippet.kind().id()).collect();
    assert_eq!(kinds, ["link", "html", "markdown", "markdown", "markdown", "element", "element", "jupyter", "lms"]);
}

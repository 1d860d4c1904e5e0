from tests.client import complaints


def test_good_page_passes() -> None:
    page = '<p id="a" class="b">Text <code>{{ shown }}</code></p><script src="/static/a.js"></script>'
    assert complaints(page) == []


def test_inline_code_is_refused() -> None:
    page = '<p style="color:red" onclick="x()">a</p><script>x()</script><style>p {}</style>'
    assert complaints(page) == ["<p style=…>", "<p onclick=…>", "inline <script>", "inline <style>"]


def test_stray_template_code_is_refused() -> None:
    assert complaints('<p title="{{ a }}">{% b</p>') == ["stray '{{ a }}' in <p title>", "stray '{% b'"]


def test_same_id_twice_is_refused() -> None:
    assert complaints('<p id="a"></p><p id="a"></p>') == ["id 'a' twice"]

"""No test of this folder passes over a broken policy or a script that fails: these two see that it is noticed."""


class TestOpenPage:
    def test_hears_of_a_broken_content_security_policy(self, transactional_db, open_page, complaints):
        page = open_page()
        page.goto("/")
        with page.expect_console_message(lambda said: said.type == "error"):
            page.evaluate("() => document.body.setAttribute('style', 'color: red')")
        assert "violates the following Content Security Policy directive" in complaints.pop()

    def test_hears_of_an_error_in_a_script(self, transactional_db, open_page, complaints):
        page = open_page()
        page.goto("/")
        with page.context.expect_event("weberror"):
            page.evaluate("() => setTimeout(() => { throw new Error('Found out') })")
        assert "Found out" in complaints.pop()

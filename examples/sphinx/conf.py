# The course of ../mkdocs in Sphinx: MyST reads its Markdown and leaves HTML as it is, Furo has a switch between light and dark.
project = "A course with labs in it"
extensions = ["myst_parser", "sphinx.ext.mathjax"]
myst_enable_extensions = ["dollarmath"]
html_theme = "furo"
html_js_files = ["https://init-lab.example/embed.js"]
# A list of links leads to the pages, and no toctree.
suppress_warnings = ["toc.not_included"]

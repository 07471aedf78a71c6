"""One module per search engine, all behind `search.engines.base.Engine`."""

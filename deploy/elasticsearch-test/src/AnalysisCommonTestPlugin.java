package org.belgessolidaires.search;

import java.util.Map;

import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

/**
 * Stands in, on the integration test server, for the language analysis module of the full distribution. Only names, options and
 * defaults that the index settings of this project use; never installed on a production server. What makes no sense without options
 * says so, else the server would build it once for every index without any.
 */
public class AnalysisCommonTestPlugin extends Plugin implements AnalysisPlugin {

    private static <T> AnalysisProvider<T> requires(AnalysisProvider<T> provider) {
        return AnalysisPlugin.requiresAnalysisSettings(provider);
    }

    @Override
    public Map<String, AnalysisProvider<CharFilterFactory>> getCharFilters() {
        return Map.of("mapping", requires((index, environment, name, settings) -> CharFilters.mapping(environment, name, settings)));
    }

    @Override
    public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
        return Map.of(
            "asciifolding", (index, environment, name, settings) -> TokenFilters.asciiFolding(name, settings),
            "dictionary_decompounder", requires((index, environment, name, settings) -> TokenFilters.decompounder(environment, name, settings)),
            "edge_ngram", (index, environment, name, settings) -> TokenFilters.edgeNgram(name, settings),
            "elision", requires((index, environment, name, settings) -> TokenFilters.elision(environment, name, settings)),
            "german_normalization", (index, environment, name, settings) -> TokenFilters.germanNormalization(name),
            "keyword_marker", requires((index, environment, name, settings) -> TokenFilters.keywordMarker(environment, name, settings)),
            "stemmer", (index, environment, name, settings) -> TokenFilters.stemmer(name, settings),
            "stemmer_override", requires((index, environment, name, settings) -> TokenFilters.stemmerOverride(environment, name, settings))
        );
    }
}

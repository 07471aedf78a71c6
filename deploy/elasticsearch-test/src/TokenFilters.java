package org.belgessolidaires.search;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.compound.CompoundWordTokenFilterBase;
import org.apache.lucene.analysis.compound.DictionaryCompoundWordTokenFilter;
import org.apache.lucene.analysis.de.GermanLightStemFilter;
import org.apache.lucene.analysis.de.GermanNormalizationFilter;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.fr.FrenchLightStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.PatternKeywordMarkerFilter;
import org.apache.lucene.analysis.miscellaneous.SetKeywordMarkerFilter;
import org.apache.lucene.analysis.miscellaneous.StemmerOverrideFilter;
import org.apache.lucene.analysis.ngram.EdgeNGramTokenFilter;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.util.ElisionFilter;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.tartarus.snowball.ext.DutchStemmer;
import org.tartarus.snowball.ext.EnglishStemmer;

/** Each method builds one filter from its settings, under the option names and defaults of the full distribution. */
final class TokenFilters {

    private TokenFilters() {}

    static TokenFilterFactory asciiFolding(String name, Settings settings) {
        boolean preserve = settings.getAsBoolean("preserve_original", false);
        return new Factories.CharacterFilter(name, input -> new ASCIIFoldingFilter(input, preserve));
    }

    static TokenFilterFactory germanNormalization(String name) {
        return new Factories.CharacterFilter(name, GermanNormalizationFilter::new);
    }

    static TokenFilterFactory elision(Environment environment, String name, Settings settings) {
        CharArraySet articles = Analysis.parseArticles(environment, settings);
        if (articles == null) {
            throw new IllegalArgumentException("elision filter requires [articles] or [articles_path] setting");
        }
        return new Factories.CharacterFilter(name, input -> new ElisionFilter(input, articles));
    }

    static TokenFilterFactory edgeNgram(String name, Settings settings) {
        int least = settings.getAsInt("min_gram", 1);
        int most = settings.getAsInt("max_gram", 2);
        boolean preserve = settings.getAsBoolean("preserve_original", false);
        if ("front".equals(settings.get("side", "front")) == false) {
            throw new IllegalArgumentException("[side] of [" + name + "]: this stand-in knows [front] only");
        }
        return new Factories.Filter(name, input -> new EdgeNGramTokenFilter(input, least, most, preserve));
    }

    static TokenFilterFactory decompounder(Environment environment, String name, Settings settings) {
        int leastWord = settings.getAsInt("min_word_size", CompoundWordTokenFilterBase.DEFAULT_MIN_WORD_SIZE);
        int leastPart = settings.getAsInt("min_subword_size", CompoundWordTokenFilterBase.DEFAULT_MIN_SUBWORD_SIZE);
        int mostPart = settings.getAsInt("max_subword_size", CompoundWordTokenFilterBase.DEFAULT_MAX_SUBWORD_SIZE);
        boolean longest = settings.getAsBoolean("only_longest_match", false);
        CharArraySet words = Analysis.getWordSet(environment, settings, "word_list");
        if (words == null) {
            throw new IllegalArgumentException("word_list must be provided for [" + name + "], either as a path to a file, or directly");
        }
        return new Factories.Filter(
            name,
            input -> new DictionaryCompoundWordTokenFilter(input, words, leastWord, leastPart, mostPart, longest)
        );
    }

    static TokenFilterFactory keywordMarker(Environment environment, String name, Settings settings) {
        String pattern = settings.get("keywords_pattern");
        CharArraySet given = Analysis.getWordSet(environment, settings, "keywords");
        if ((pattern == null) == (given == null)) {
            throw new IllegalArgumentException("keyword filter requires one of `keywords`, `keywords_path`, `keywords_pattern`");
        }
        if (pattern != null) {
            Pattern compiled = Pattern.compile(pattern);
            return new Factories.Filter(name, input -> new PatternKeywordMarkerFilter(input, compiled));
        }
        CharArraySet words = new CharArraySet(given, settings.getAsBoolean("ignore_case", false));
        return new Factories.Filter(name, input -> new SetKeywordMarkerFilter(input, words));
    }

    static TokenFilterFactory stemmerOverride(Environment environment, String name, Settings settings) throws IOException {
        List<String> rules = Analysis.getWordList(environment, settings, "rules");
        if (rules == null) {
            throw new IllegalArgumentException("stemmer override filter requires either `rules` or `rules_path` to be configured");
        }
        StemmerOverrideFilter.Builder builder = new StemmerOverrideFilter.Builder(false);
        for (String rule : rules) {
            String[] sides = rule.split("=>", -1);
            if (sides.length != 2 || sides[1].isBlank() || sides[1].indexOf(',') != -1) {
                throw new IllegalArgumentException("Invalid Keyword override Rule:" + rule);
            }
            for (String key : sides[0].split(",", -1)) {
                builder.add(key.trim(), sides[1].trim());
            }
        }
        StemmerOverrideFilter.StemmerOverrideMap map = builder.build();
        return new Factories.Filter(name, input -> new StemmerOverrideFilter(input, map));
    }

    /** Options {@code language}, else {@code name}, else "porter"; only the stemmers of our four languages. */
    static TokenFilterFactory stemmer(String name, Settings settings) {
        String language = settings.get("language", settings.get("name", "porter"));
        UnaryOperator<TokenStream> wrap = switch (language.toLowerCase(Locale.ROOT)) {
            case "light_french", "lightfrench" -> FrenchLightStemFilter::new;
            case "light_german", "lightgerman" -> GermanLightStemFilter::new;
            case "dutch" -> input -> new SnowballFilter(input, new DutchStemmer());
            case "english", "porter" -> PorterStemFilter::new;
            case "porter2" -> input -> new SnowballFilter(input, new EnglishStemmer());
            case "possessive_english", "possessiveenglish" -> EnglishPossessiveFilter::new;
            default -> throw new IllegalArgumentException("Invalid stemmer class specified: " + language);
        };
        return new Factories.Filter(name, wrap);
    }
}

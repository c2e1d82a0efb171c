"""Attributions by rules: lexicon, sentences, phrases, frames, quotations, entities (what `rules` is made of)."""

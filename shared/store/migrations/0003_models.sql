-- What is known of an answer besides its text.
ALTER TABLE messages
    -- What the person should know about it.
    ADD COLUMN notices text[] NOT NULL DEFAULT '{}' CHECK (notices <@ ARRAY['trimmed', 'retrying', 'fallback']),
    -- The model that was asked first, where the operator's fallback answered in its place.
    ADD COLUMN fallback_from text;

ALTER TABLE conversations
    -- What condensed the older messages: the model and the version of its prompt.
    ADD COLUMN history_summary_by text,
    -- What was spent on the conversation besides its answers: its title, its condensed messages. In millionths of a dollar.
    ADD COLUMN background_cost_micros bigint NOT NULL DEFAULT 0;

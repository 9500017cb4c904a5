-- The whole data model. Three rules hold for every owned table:
--   * its rows carry the owner, and composite foreign keys keep a child with the owner of its parent;
--   * row-level security is forced, so that even the owner of the table sees nothing without `app.user_id`;
--   * closed sets are text with a check, because a value can be added to a check without rewriting or locking the table.

CREATE EXTENSION IF NOT EXISTS citext;

-- What our functions may do is granted to this group; the login role of the functions is a member of it. Roles belong to the
-- whole server, so another database of ours may have made it already, or be making it right now.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'recollect_app') THEN
        CREATE ROLE recollect_app NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END
$$;

GRANT USAGE ON SCHEMA public TO recollect_app;

-- The person this transaction acts for. Unset, and empty as `SET LOCAL` leaves it behind, mean nobody.
CREATE FUNCTION acting_user() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.user_id', true), '')::uuid $$;

-- People ----------------------------------------------------------------------------------------------------------------------

CREATE TABLE users (
    id            uuid PRIMARY KEY,
    email         citext UNIQUE,
    password_hash text,
    role          text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'admin')),
    instructions  text,
    settings      jsonb NOT NULL DEFAULT '{}',
    created_at    timestamptz NOT NULL DEFAULT now(),
    disabled_at   timestamptz
);

CREATE TABLE sessions (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    token_hash   bytea NOT NULL UNIQUE,
    user_agent   text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz
);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE api_keys (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    name         text NOT NULL,
    key_hash     bytea NOT NULL UNIQUE,
    scopes       text[] NOT NULL DEFAULT '{}',
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    expires_at   timestamptz,
    revoked_at   timestamptz
);
CREATE INDEX api_keys_by_user ON api_keys (user_id);

CREATE TABLE invitations (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    email        citext,
    role         text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'admin')),
    token_hash   bytea NOT NULL UNIQUE,
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz
);
CREATE INDEX invitations_by_user ON invitations (user_id);

-- Conversations ---------------------------------------------------------------------------------------------------------------

CREATE TABLE conversations (
    id                      uuid PRIMARY KEY,
    user_id                 uuid NOT NULL REFERENCES users,
    kind                    text NOT NULL DEFAULT 'chat' CHECK (kind IN ('chat', 'ask')),
    title                   text,
    title_by                text NOT NULL DEFAULT 'model' CHECK (title_by IN ('user', 'model')),
    status                  text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'ended')),
    summary                 text,
    summary_status          text NOT NULL DEFAULT 'none' CHECK (summary_status IN ('none', 'pending', 'ready', 'failed')),
    topics                  text[] NOT NULL DEFAULT '{}',
    sentiment               text CHECK (sentiment IN ('positive', 'neutral', 'negative', 'mixed')),
    model                   text,
    instructions            text,
    -- The end of the branch that is shown.
    leaf_id                 bigint,
    -- Older messages of the shown branch, condensed, up to and with this one.
    history_summary         text,
    history_summary_through bigint,
    start_timestamp         timestamptz,
    end_timestamp           timestamptz,
    archived_at             timestamptz,
    pinned_at               timestamptz,
    created_at              timestamptz NOT NULL,
    updated_at              timestamptz NOT NULL,
    version                 bigint NOT NULL DEFAULT 1,
    UNIQUE (id, user_id)
);
-- The key of the list, one for what is shown and one for what is put away.
CREATE INDEX conversations_listed ON conversations (user_id, (pinned_at IS NOT NULL), updated_at, id) WHERE archived_at IS NULL;
CREATE INDEX conversations_archived ON conversations (user_id, (pinned_at IS NOT NULL), updated_at, id) WHERE archived_at IS NOT NULL;

-- A tree: an answer follows its prompt, a prompt the answer before it; siblings are other attempts.
CREATE TABLE messages (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id uuid NOT NULL,
    user_id         uuid NOT NULL,
    parent_id       bigint,
    sender          text NOT NULL CHECK (sender IN ('user', 'assistant')),
    status          text NOT NULL CHECK (status IN ('complete', 'streaming', 'stopped', 'failed', 'interrupted')),
    content         text NOT NULL DEFAULT '',
    thinking        text,
    client_id       text,
    -- The frames of the answer that `content` and `thinking` reach.
    last_seq        bigint NOT NULL DEFAULT 0,
    -- Which invocation writes the answer; only it may.
    claimed_by      uuid,
    -- Until when the writer is believed to live; a later one may be interrupted by anybody.
    lease_until     timestamptz,
    stop_requested  boolean NOT NULL DEFAULT false,
    provider        text,
    model           text,
    usage           jsonb,
    cost_micros     bigint,
    finish_reason   text CHECK (finish_reason IN ('stop', 'length', 'content_filter', 'refusal', 'other')),
    error           jsonb,
    "timestamp"     timestamptz NOT NULL,
    created_at      timestamptz NOT NULL,
    UNIQUE (conversation_id, id),
    UNIQUE (conversation_id, client_id),
    CHECK (parent_id < id),
    CHECK (sender = 'assistant' OR status = 'complete'),
    CHECK ((status = 'streaming') = (lease_until IS NOT NULL)),
    CONSTRAINT messages_conversation FOREIGN KEY (conversation_id, user_id) REFERENCES conversations (id, user_id) ON DELETE CASCADE,
    CONSTRAINT messages_parent FOREIGN KEY (conversation_id, parent_id) REFERENCES messages (conversation_id, id)
);
CREATE INDEX messages_children ON messages (conversation_id, parent_id);
CREATE UNIQUE INDEX messages_one_streaming ON messages (conversation_id) WHERE status = 'streaming';
CREATE INDEX messages_leases ON messages (lease_until) WHERE status = 'streaming';

ALTER TABLE conversations
    ADD CONSTRAINT conversations_leaf FOREIGN KEY (id, leaf_id) REFERENCES messages (conversation_id, id);

-- A finished message never changes: whoever would write into one has lost the answer to somebody else.
CREATE FUNCTION refuse_change_of_finished_message() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'message % is finished', OLD.id USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER messages_finished BEFORE UPDATE ON messages
    FOR EACH ROW WHEN (OLD.status <> 'streaming') EXECUTE FUNCTION refuse_change_of_finished_message();

-- What is in the vector store, so that it can be rebuilt.
CREATE TABLE conversation_embeddings (
    conversation_id uuid NOT NULL,
    user_id         uuid NOT NULL,
    model           text NOT NULL,
    dimension       integer NOT NULL,
    content_hash    bytea NOT NULL,
    points          integer NOT NULL,
    metadata        jsonb NOT NULL DEFAULT '{}',
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (conversation_id, model),
    FOREIGN KEY (conversation_id, user_id) REFERENCES conversations (id, user_id) ON DELETE CASCADE
);

-- Background work, and records ------------------------------------------------------------------------------------------------

-- The outbox: work is committed together with what caused it. Neither the conversation nor the person is a foreign key,
-- because a purge outlives both.
CREATE TABLE jobs (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id         uuid NOT NULL,
    conversation_id uuid,
    kind            text NOT NULL CHECK (kind IN ('analyze', 'index', 'purge', 'reindex')),
    state           text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed')),
    progress        jsonb NOT NULL DEFAULT '{}',
    attempts        integer NOT NULL DEFAULT 0,
    last_error      text,
    run_after       timestamptz NOT NULL,
    created_at      timestamptz NOT NULL,
    finished_at     timestamptz
);
CREATE INDEX jobs_due ON jobs (run_after) WHERE state IN ('queued', 'running');
CREATE INDEX jobs_by_conversation ON jobs (conversation_id);

-- Who did what, to which object, when and from where: never any text of a person.
CREATE TABLE audit (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id     uuid NOT NULL,
    action      text NOT NULL,
    object_kind text,
    object_id   text,
    address     inet,
    metadata    jsonb NOT NULL DEFAULT '{}',
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX audit_by_user ON audit (user_id, created_at);

-- Who sees what ---------------------------------------------------------------------------------------------------------------

ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON users USING (id = acting_user());

DO $$
DECLARE
    owned text;
BEGIN
    FOREACH owned IN ARRAY ARRAY['sessions', 'api_keys', 'invitations', 'conversations', 'messages', 'conversation_embeddings', 'jobs', 'audit']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', owned);
        EXECUTE format('CREATE POLICY own ON %I USING (user_id = acting_user())', owned);
    END LOOP;
END
$$;

-- No more than the functions use today; what comes later is granted with it.
GRANT SELECT ON users TO recollect_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON conversations, messages TO recollect_app;
GRANT SELECT, INSERT ON jobs TO recollect_app;

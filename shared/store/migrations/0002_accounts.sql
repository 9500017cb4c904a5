-- Accounts: what signs people in, and who may look it up before it is known who asks.

-- Columns ---------------------------------------------------------------------------------------------------------------------

-- An invitation is taken once.
ALTER TABLE invitations RENAME COLUMN last_used_at TO taken_at;

-- A link that sets a new password, made by an admin or by the operator; it belongs to the person whose password it sets.
CREATE TABLE reset_links (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    token_hash bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX reset_links_by_user ON reset_links (user_id);

-- Codes that make the first account. They belong to the built-in person, whom that account is given to. The last one counts.
CREATE TABLE setup_codes (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    token_hash bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX setup_codes_by_user ON setup_codes (user_id);

DO $$
DECLARE
    owned text;
BEGIN
    FOREACH owned IN ARRAY ARRAY['reset_links', 'setup_codes']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', owned);
        EXECUTE format('CREATE POLICY own ON %I USING (user_id = acting_user())', owned);
    END LOOP;
END
$$;

-- What the functions may do -----------------------------------------------------------------------------------------------------

-- A role is given when an account is made, and changed by nobody.
GRANT INSERT, DELETE ON users TO recollect_app;
GRANT UPDATE (email, password_hash, instructions, settings) ON users TO recollect_app;
GRANT SELECT, INSERT, UPDATE ON sessions, api_keys, invitations, reset_links, setup_codes TO recollect_app;
-- What was done stays done: lines are added and read.
GRANT SELECT, INSERT ON audit TO recollect_app;

-- Lookups -----------------------------------------------------------------------------------------------------------------------

-- Who asks has to be found before anybody acts. These functions run as a role of their own, which sees the columns that they need of
-- every row and which nobody logs in as; each gives away one row to whoever shows its secret or its address, and nothing by which to
-- find others. The policies ask for the role by its name, not by membership: the tables' owner is a member, in order to create the
-- functions, and sees as little as before.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'recollect_lookup') THEN
        CREATE ROLE recollect_lookup NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END
$$;

-- Roles belong to the whole server: another migration may be making the same membership right now.
DO $$
BEGIN
    FOR attempt IN 1..50 LOOP
        EXIT WHEN pg_has_role(current_user, 'recollect_lookup', 'MEMBER');
        BEGIN
            EXECUTE format('GRANT recollect_lookup TO %I', current_user);
        EXCEPTION WHEN unique_violation OR internal_error THEN
            PERFORM pg_sleep(0.02);
        END;
    END LOOP;
END
$$;

GRANT USAGE, CREATE ON SCHEMA public TO recollect_lookup;
GRANT SELECT (id, email, password_hash, role, disabled_at) ON users TO recollect_lookup;
GRANT SELECT (id, user_id, token_hash, created_at, last_used_at, expires_at, revoked_at) ON sessions TO recollect_lookup;
GRANT SELECT (id, user_id, key_hash, scopes, last_used_at, expires_at, revoked_at) ON api_keys TO recollect_lookup;
GRANT SELECT (id, user_id, email, role, token_hash, expires_at, revoked_at, taken_at) ON invitations TO recollect_lookup;
GRANT SELECT (id, user_id, token_hash, expires_at, used_at) ON reset_links TO recollect_lookup;

DO $$
DECLARE
    looked_up text;
BEGIN
    FOREACH looked_up IN ARRAY ARRAY['users', 'sessions', 'api_keys', 'invitations', 'reset_links']
    LOOP
        EXECUTE format('CREATE POLICY lookup ON %I FOR SELECT USING (current_user = ''recollect_lookup'')', looked_up);
    END LOOP;
END
$$;

-- A session that is good at this moment, by the hash of its token.
CREATE FUNCTION find_session(presented bytea, at timestamptz)
    RETURNS TABLE (session_id uuid, user_id uuid, role text, last_used_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT sessions.id, users.id, users.role, sessions.last_used_at
        FROM sessions JOIN users ON users.id = sessions.user_id
        WHERE sessions.token_hash = presented AND sessions.revoked_at IS NULL AND sessions.expires_at > at
          AND users.disabled_at IS NULL
    $$;

-- A key that is good at this moment, by its hash.
CREATE FUNCTION find_api_key(presented bytea, at timestamptz)
    RETURNS TABLE (api_key_id uuid, user_id uuid, role text, scopes text[], last_used_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT api_keys.id, users.id, users.role, api_keys.scopes, api_keys.last_used_at
        FROM api_keys JOIN users ON users.id = api_keys.user_id
        WHERE api_keys.key_hash = presented AND api_keys.revoked_at IS NULL
          AND (api_keys.expires_at IS NULL OR api_keys.expires_at > at) AND users.disabled_at IS NULL
    $$;

-- The password of whoever has this address, and may sign in.
CREATE FUNCTION find_password(address citext)
    RETURNS TABLE (user_id uuid, password_hash text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT id, users.password_hash FROM users
        WHERE email = address AND users.password_hash IS NOT NULL AND disabled_at IS NULL
    $$;

-- An invitation that can be taken at this moment, by the hash of its token; never that of somebody who is an admin no more.
CREATE FUNCTION find_invitation(presented bytea, at timestamptz)
    RETURNS TABLE (invitation_id uuid, user_id uuid, email citext, role text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT invitations.id, users.id, invitations.email, invitations.role
        FROM invitations JOIN users ON users.id = invitations.user_id
        WHERE invitations.token_hash = presented AND taken_at IS NULL AND revoked_at IS NULL AND expires_at > at
          AND users.role = 'admin' AND users.disabled_at IS NULL
    $$;

-- A link that can be used at this moment, by the hash of its token, with the address whose password it sets.
CREATE FUNCTION find_reset_link(presented bytea, at timestamptz)
    RETURNS TABLE (reset_link_id uuid, user_id uuid, email citext)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT reset_links.id, users.id, users.email
        FROM reset_links JOIN users ON users.id = reset_links.user_id
        WHERE reset_links.token_hash = presented AND used_at IS NULL AND expires_at > at AND users.disabled_at IS NULL
    $$;

-- Whether anybody has an account: no more than that.
CREATE FUNCTION accounts_exist() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT EXISTS (SELECT FROM users WHERE email IS NOT NULL) $$;

-- Whether the acting person is an admin, and the others could not do without them.
CREATE FUNCTION is_last_admin() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (SELECT FROM users WHERE id = acting_user() AND role = 'admin')
           AND EXISTS (SELECT FROM users WHERE id <> acting_user() AND email IS NOT NULL)
           AND NOT EXISTS (SELECT FROM users WHERE id <> acting_user() AND email IS NOT NULL AND role = 'admin' AND disabled_at IS NULL)
    $$;

-- The person with this address, for an admin who acts; for everybody else there is none.
CREATE FUNCTION find_person(address citext) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT id FROM users
        WHERE email = address
          AND EXISTS (SELECT FROM users AS admin WHERE admin.id = acting_user() AND admin.role = 'admin' AND admin.disabled_at IS NULL)
    $$;

DO $$
DECLARE
    lookup regprocedure;
BEGIN
    FOR lookup IN
        SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO recollect_lookup', lookup);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', lookup);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO recollect_app', lookup);
    END LOOP;
END
$$;

-- It makes nothing more.
REVOKE CREATE ON SCHEMA public FROM recollect_lookup;

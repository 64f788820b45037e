-- Written by `python -m guixin.baseline`; the migrations it is made of: 85a82d0b3d865a067e22d823e985bac4c679ce4934eec3993e730cf305c7cea0
CREATE FUNCTION public.escalated_cases_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'all' AS of, -1 AS n FROM old_rows r WHERE r.state IN ('open', 'waiting', 'answered') AND r.level > 0) x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('escalated_cases', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.escalated_cases_insert() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'all' AS of, 1 AS n FROM new_rows r WHERE r.state IN ('open', 'waiting', 'answered') AND r.level > 0) x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('escalated_cases', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.escalated_cases_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'all' AS of, 1 AS n FROM new_rows r WHERE r.state IN ('open', 'waiting', 'answered') AND r.level > 0 UNION ALL SELECT 'all' AS of, -1 AS n FROM old_rows r WHERE r.state IN ('open', 'waiting', 'answered') AND r.level > 0) x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('escalated_cases', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.guixin_bump_revision() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    -- An upsert and not an update: a truncated revision table must not freeze every cache.
    INSERT INTO organisation_revision (name, number)
    VALUES (TG_ARGV[0], nextval('organisation_revision_number'))
    ON CONFLICT (name) DO UPDATE SET number = EXCLUDED.number;
    RETURN NULL;
END $$;
CREATE FUNCTION public.guixin_now() RETURNS timestamp with time zone
    LANGUAGE sql
    AS $$ SELECT coalesce((SELECT at FROM ledger_virtualclock), clock_timestamp()) $$;
CREATE FUNCTION public.ledger_only_numbering() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.position IS NOT NULL OR NEW.position IS NULL OR NEW.seal IS NULL
       OR (OLD.id, OLD.kind, OLD.happened_at, OLD.recorded_at, OLD.actor_id, OLD.about_kind, OLD.about_id,
           OLD.case_id, OLD.facts, OLD.commitment)
          IS DISTINCT FROM
          (NEW.id, NEW.kind, NEW.happened_at, NEW.recorded_at, NEW.actor_id, NEW.about_kind, NEW.about_id,
           NEW.case_id, NEW.facts, NEW.commitment) THEN
        RAISE EXCEPTION 'The ledger is append-only: entry % is refused a change.', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.ledger_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is append-only: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION public.open_cases_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'all' AS of, -1 AS n FROM old_rows r WHERE r.state IN ('open', 'waiting', 'answered') UNION ALL SELECT 'owner:' || r.owner_id AS of, -1 AS n FROM old_rows r WHERE r.state IN ('open', 'waiting', 'answered') UNION ALL SELECT 'department:' || r.department_id AS of, -1 AS n FROM old_rows r WHERE r.state IN ('open', 'waiting', 'answered')) x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('open_cases', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.open_cases_insert() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'all' AS of, 1 AS n FROM new_rows r WHERE r.state IN ('open', 'waiting', 'answered') UNION ALL SELECT 'owner:' || r.owner_id AS of, 1 AS n FROM new_rows r WHERE r.state IN ('open', 'waiting', 'answered') UNION ALL SELECT 'department:' || r.department_id AS of, 1 AS n FROM new_rows r WHERE r.state IN ('open', 'waiting', 'answered')) x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('open_cases', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.open_cases_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'all' AS of, 1 AS n FROM new_rows r WHERE r.state IN ('open', 'waiting', 'answered') UNION ALL SELECT 'owner:' || r.owner_id AS of, 1 AS n FROM new_rows r WHERE r.state IN ('open', 'waiting', 'answered') UNION ALL SELECT 'department:' || r.department_id AS of, 1 AS n FROM new_rows r WHERE r.state IN ('open', 'waiting', 'answered') UNION ALL SELECT 'all' AS of, -1 AS n FROM old_rows r WHERE r.state IN ('open', 'waiting', 'answered') UNION ALL SELECT 'owner:' || r.owner_id AS of, -1 AS n FROM old_rows r WHERE r.state IN ('open', 'waiting', 'answered') UNION ALL SELECT 'department:' || r.department_id AS of, -1 AS n FROM old_rows r WHERE r.state IN ('open', 'waiting', 'answered')) x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('open_cases', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.open_tasks_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'all' AS of, -1 AS n FROM old_rows r WHERE r.state IN ('given', 'accepted') UNION ALL SELECT 'department:' || r.department_id AS of, -1 AS n FROM old_rows r WHERE r.state IN ('given', 'accepted') UNION ALL SELECT 'handler:' || coalesce(r.handler_id, 0) AS of, -1 AS n FROM old_rows r WHERE r.state IN ('given', 'accepted')) x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('open_tasks', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.open_tasks_insert() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'all' AS of, 1 AS n FROM new_rows r WHERE r.state IN ('given', 'accepted') UNION ALL SELECT 'department:' || r.department_id AS of, 1 AS n FROM new_rows r WHERE r.state IN ('given', 'accepted') UNION ALL SELECT 'handler:' || coalesce(r.handler_id, 0) AS of, 1 AS n FROM new_rows r WHERE r.state IN ('given', 'accepted')) x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('open_tasks', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.open_tasks_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'all' AS of, 1 AS n FROM new_rows r WHERE r.state IN ('given', 'accepted') UNION ALL SELECT 'department:' || r.department_id AS of, 1 AS n FROM new_rows r WHERE r.state IN ('given', 'accepted') UNION ALL SELECT 'handler:' || coalesce(r.handler_id, 0) AS of, 1 AS n FROM new_rows r WHERE r.state IN ('given', 'accepted') UNION ALL SELECT 'all' AS of, -1 AS n FROM old_rows r WHERE r.state IN ('given', 'accepted') UNION ALL SELECT 'department:' || r.department_id AS of, -1 AS n FROM old_rows r WHERE r.state IN ('given', 'accepted') UNION ALL SELECT 'handler:' || coalesce(r.handler_id, 0) AS of, -1 AS n FROM old_rows r WHERE r.state IN ('given', 'accepted')) x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('open_tasks', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.serve_add_counts(what text, keys text[], numbers bigint[]) RETURNS void
    LANGUAGE sql
    AS $$
    INSERT INTO serve_counter AS c (what, of, slot, number)
    SELECT what, k.of, pg_backend_pid() % 256, k.number
    FROM unnest(keys, numbers) AS k (of, number) WHERE k.number <> 0 ORDER BY k.of
    ON CONFLICT (what, of, slot) DO UPDATE SET number = c.number + EXCLUDED.number
$$;
CREATE FUNCTION public.serve_pairs(words text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE STRICT COST 1000 PARALLEL SAFE
    AS $$
    DECLARE
        capitals text := upper(words);
        found text[] := '{}';
    BEGIN
        FOR n IN 1 .. length(capitals) - 1 LOOP
            found := found || substr(capitals, n, 2);
        END LOOP;
        RETURN found;
    END $$;
CREATE FUNCTION public.snoozed_cases_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'person:' || r.person_id AS of, -1 AS n FROM old_rows r WHERE true) x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('snoozed_cases', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.snoozed_cases_insert() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'person:' || r.person_id AS of, 1 AS n FROM new_rows r WHERE true) x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('snoozed_cases', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.snoozed_cases_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'person:' || r.person_id AS of, 1 AS n FROM new_rows r WHERE true UNION ALL SELECT 'person:' || r.person_id AS of, -1 AS n FROM old_rows r WHERE true) x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('snoozed_cases', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.unaccepted_tasks_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'all' AS of, -1 AS n FROM old_rows r WHERE r.state = 'given' UNION ALL SELECT 'department:' || r.department_id AS of, -1 AS n FROM old_rows r WHERE r.state = 'given') x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('unaccepted_tasks', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.unaccepted_tasks_insert() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'all' AS of, 1 AS n FROM new_rows r WHERE r.state = 'given' UNION ALL SELECT 'department:' || r.department_id AS of, 1 AS n FROM new_rows r WHERE r.state = 'given') x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('unaccepted_tasks', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.unaccepted_tasks_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'all' AS of, 1 AS n FROM new_rows r WHERE r.state = 'given' UNION ALL SELECT 'department:' || r.department_id AS of, 1 AS n FROM new_rows r WHERE r.state = 'given' UNION ALL SELECT 'all' AS of, -1 AS n FROM old_rows r WHERE r.state = 'given' UNION ALL SELECT 'department:' || r.department_id AS of, -1 AS n FROM old_rows r WHERE r.state = 'given') x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('unaccepted_tasks', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.unrouted_cases_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'all' AS of, -1 AS n FROM old_rows r WHERE r.measure = 'route' AND r.about_kind = 'case' AND r.state IN ('running', 'paused')) x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('unrouted_cases', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.unrouted_cases_insert() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'all' AS of, 1 AS n FROM new_rows r WHERE r.measure = 'route' AND r.about_kind = 'case' AND r.state IN ('running', 'paused')) x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('unrouted_cases', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.unrouted_cases_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'all' AS of, 1 AS n FROM new_rows r WHERE r.measure = 'route' AND r.about_kind = 'case' AND r.state IN ('running', 'paused') UNION ALL SELECT 'all' AS of, -1 AS n FROM old_rows r WHERE r.measure = 'route' AND r.about_kind = 'case' AND r.state IN ('running', 'paused')) x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('unrouted_cases', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.waiting_cases_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'all' AS of, -1 AS n FROM old_rows r WHERE r.state = 'waiting' UNION ALL SELECT 'department:' || r.department_id AS of, -1 AS n FROM old_rows r WHERE r.state = 'waiting' UNION ALL SELECT 'owner:' || r.owner_id AS of, -1 AS n FROM old_rows r WHERE r.state = 'waiting') x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('waiting_cases', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.waiting_cases_insert() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'all' AS of, 1 AS n FROM new_rows r WHERE r.state = 'waiting' UNION ALL SELECT 'department:' || r.department_id AS of, 1 AS n FROM new_rows r WHERE r.state = 'waiting' UNION ALL SELECT 'owner:' || r.owner_id AS of, 1 AS n FROM new_rows r WHERE r.state = 'waiting') x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('waiting_cases', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.waiting_cases_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'all' AS of, 1 AS n FROM new_rows r WHERE r.state = 'waiting' UNION ALL SELECT 'department:' || r.department_id AS of, 1 AS n FROM new_rows r WHERE r.state = 'waiting' UNION ALL SELECT 'owner:' || r.owner_id AS of, 1 AS n FROM new_rows r WHERE r.state = 'waiting' UNION ALL SELECT 'all' AS of, -1 AS n FROM old_rows r WHERE r.state = 'waiting' UNION ALL SELECT 'department:' || r.department_id AS of, -1 AS n FROM old_rows r WHERE r.state = 'waiting' UNION ALL SELECT 'owner:' || r.owner_id AS of, -1 AS n FROM old_rows r WHERE r.state = 'waiting') x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('waiting_cases', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.waiting_escalations_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'person:' || coalesce(r.to_person_id, 0) AS of, -1 AS n FROM old_rows r WHERE r.level >= 1 AND r.over_at IS NULL UNION ALL SELECT 'level:' || r.level AS of, -1 AS n FROM old_rows r WHERE r.level >= 1 AND r.over_at IS NULL UNION ALL SELECT 'department:' || r.department_id || ':level:' || r.level AS of, -1 AS n FROM old_rows r WHERE r.level >= 1 AND r.over_at IS NULL) x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('waiting_escalations', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.waiting_escalations_insert() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'person:' || coalesce(r.to_person_id, 0) AS of, 1 AS n FROM new_rows r WHERE r.level >= 1 AND r.over_at IS NULL UNION ALL SELECT 'level:' || r.level AS of, 1 AS n FROM new_rows r WHERE r.level >= 1 AND r.over_at IS NULL UNION ALL SELECT 'department:' || r.department_id || ':level:' || r.level AS of, 1 AS n FROM new_rows r WHERE r.level >= 1 AND r.over_at IS NULL) x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('waiting_escalations', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE FUNCTION public.waiting_escalations_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM (SELECT 'person:' || coalesce(r.to_person_id, 0) AS of, 1 AS n FROM new_rows r WHERE r.level >= 1 AND r.over_at IS NULL UNION ALL SELECT 'level:' || r.level AS of, 1 AS n FROM new_rows r WHERE r.level >= 1 AND r.over_at IS NULL UNION ALL SELECT 'department:' || r.department_id || ':level:' || r.level AS of, 1 AS n FROM new_rows r WHERE r.level >= 1 AND r.over_at IS NULL UNION ALL SELECT 'person:' || coalesce(r.to_person_id, 0) AS of, -1 AS n FROM old_rows r WHERE r.level >= 1 AND r.over_at IS NULL UNION ALL SELECT 'level:' || r.level AS of, -1 AS n FROM old_rows r WHERE r.level >= 1 AND r.over_at IS NULL UNION ALL SELECT 'department:' || r.department_id || ':level:' || r.level AS of, -1 AS n FROM old_rows r WHERE r.level >= 1 AND r.over_at IS NULL) x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('waiting_escalations', keys, numbers); END IF;
            RETURN NULL;
        END $$;
CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);
ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);
ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.channels_delivery (
    id bigint NOT NULL,
    "position" bigint NOT NULL,
    kind text NOT NULL,
    outgoing_id bigint NOT NULL,
    subscription_id bigint NOT NULL
);
ALTER TABLE public.channels_delivery ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.channels_delivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.channels_heartbeat (
    id bigint NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    beat_at timestamp with time zone NOT NULL
);
ALTER TABLE public.channels_heartbeat ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.channels_heartbeat_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.channels_idempotencyrecord (
    id bigint NOT NULL,
    caller text NOT NULL,
    key text NOT NULL,
    method text NOT NULL,
    path text NOT NULL,
    body_hash bytea NOT NULL,
    status smallint,
    headers jsonb NOT NULL,
    body bytea,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    CONSTRAINT channels_idempotencyrecord_status_check CHECK ((status >= 0))
);
ALTER TABLE public.channels_idempotencyrecord ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.channels_idempotencyrecord_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.channels_import (
    id bigint NOT NULL,
    what text NOT NULL,
    file_name text NOT NULL,
    stored_as text NOT NULL,
    sha256 text NOT NULL,
    mapping text NOT NULL,
    dry_run boolean NOT NULL,
    state text NOT NULL,
    problem text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    line bigint NOT NULL,
    landed bigint NOT NULL,
    already bigint NOT NULL,
    faults bigint NOT NULL,
    rejected bigint NOT NULL,
    figures jsonb NOT NULL,
    by_id bigint,
    columns jsonb,
    headings text NOT NULL,
    repeats_id bigint,
    CONSTRAINT channels_import_already_check CHECK ((already >= 0)),
    CONSTRAINT channels_import_faults_check CHECK ((faults >= 0)),
    CONSTRAINT channels_import_landed_check CHECK ((landed >= 0)),
    CONSTRAINT channels_import_line_check CHECK ((line >= 0)),
    CONSTRAINT channels_import_rejected_check CHECK ((rejected >= 0)),
    CONSTRAINT import_state CHECK ((state = ANY (ARRAY['left'::text, 'waiting'::text, 'running'::text, 'done'::text, 'failed'::text])))
);
ALTER TABLE public.channels_import ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.channels_import_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.channels_importedline (
    id bigint NOT NULL,
    line bigint NOT NULL,
    landed boolean NOT NULL,
    reason text NOT NULL,
    sentence text NOT NULL,
    raw text NOT NULL,
    run_id bigint NOT NULL,
    CONSTRAINT channels_importedline_line_check CHECK ((line >= 0))
);
ALTER TABLE public.channels_importedline ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.channels_importedline_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.channels_notice (
    id bigint NOT NULL,
    kind text NOT NULL,
    case_id bigint,
    about_kind text NOT NULL,
    about_id bigint NOT NULL,
    facts jsonb NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    told_at timestamp with time zone,
    read_at timestamp with time zone,
    person_id bigint NOT NULL
);
ALTER TABLE public.channels_notice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.channels_notice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.channels_subscription (
    id bigint NOT NULL,
    url character varying(2000) NOT NULL,
    kinds text[] NOT NULL,
    is_active boolean NOT NULL,
    "position" bigint NOT NULL,
    salt text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by_id bigint NOT NULL
);
ALTER TABLE public.channels_subscription ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.channels_subscription_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.channels_told (
    person_id bigint NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);
ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);
ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);
CREATE TABLE public.handbook_article (
    id bigint NOT NULL,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    text_zh text NOT NULL,
    text_en text NOT NULL,
    failed_zh text NOT NULL,
    failed_en text NOT NULL,
    instead_zh text NOT NULL,
    instead_en text NOT NULL,
    kind text NOT NULL,
    code character varying(60),
    state text NOT NULL,
    audience text NOT NULL,
    topic text NOT NULL,
    topic_folded text NOT NULL,
    category text NOT NULL,
    valid_from date,
    valid_until date,
    review_on date,
    version integer NOT NULL,
    origin_kind text NOT NULL,
    origin_id bigint,
    written_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone,
    reviewed_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    withdrawn_why text NOT NULL,
    helpful integer NOT NULL,
    unhelpful integer NOT NULL,
    standing double precision NOT NULL,
    used integer NOT NULL,
    terms text[] NOT NULL,
    owner_id bigint,
    published_by_id bigint,
    reviewed_by_id bigint,
    written_by_id bigint,
    CONSTRAINT article_has_a_title CHECK (((NOT (title_zh = ''::text)) OR (NOT (title_en = ''::text)))),
    CONSTRAINT article_lesson_is_ours CHECK (((NOT (kind = 'lesson'::text)) OR (audience = 'staff'::text))),
    CONSTRAINT article_standing_in_range CHECK (((standing > (0.0)::double precision) AND (standing < (1.0)::double precision))),
    CONSTRAINT article_state_has_time CHECK (((state = 'draft'::text) OR ((published_at IS NOT NULL) AND (review_on IS NOT NULL) AND (state = 'published'::text)) OR ((state = 'withdrawn'::text) AND (withdrawn_at IS NOT NULL)))),
    CONSTRAINT article_valid_span CHECK (((valid_from IS NULL) OR (valid_until IS NULL) OR (valid_until >= valid_from))),
    CONSTRAINT handbook_article_helpful_check CHECK ((helpful >= 0)),
    CONSTRAINT handbook_article_unhelpful_check CHECK ((unhelpful >= 0)),
    CONSTRAINT handbook_article_used_check CHECK ((used >= 0)),
    CONSTRAINT handbook_article_version_check CHECK ((version >= 0))
);
ALTER TABLE public.handbook_article ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.handbook_article_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.handbook_articlecase (
    id bigint NOT NULL,
    case_id bigint NOT NULL,
    how text NOT NULL,
    version integer NOT NULL,
    at timestamp with time zone NOT NULL,
    article_id bigint NOT NULL,
    by_id bigint,
    CONSTRAINT handbook_articlecase_version_check CHECK ((version >= 0))
);
ALTER TABLE public.handbook_articlecase ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.handbook_articlecase_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.handbook_articlefile (
    id uuid NOT NULL,
    original_name text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    media_type text NOT NULL,
    state text NOT NULL,
    doubt text NOT NULL,
    width integer,
    height integer,
    at timestamp with time zone NOT NULL,
    article_id bigint NOT NULL,
    by_id bigint,
    CONSTRAINT articlefile_state CHECK ((((doubt = ''::text) AND (height IS NOT NULL) AND (state = 'picture'::text) AND (width IS NOT NULL)) OR ((doubt = ''::text) AND (state = 'file'::text)) OR ((state = 'doubtful'::text) AND (NOT (doubt = ''::text))))),
    CONSTRAINT handbook_articlefile_height_check CHECK ((height >= 0)),
    CONSTRAINT handbook_articlefile_size_check CHECK ((size >= 0)),
    CONSTRAINT handbook_articlefile_width_check CHECK ((width >= 0))
);
CREATE TABLE public.handbook_articleversion (
    id bigint NOT NULL,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    text_zh text NOT NULL,
    text_en text NOT NULL,
    failed_zh text NOT NULL,
    failed_en text NOT NULL,
    instead_zh text NOT NULL,
    instead_en text NOT NULL,
    number integer NOT NULL,
    at timestamp with time zone NOT NULL,
    article_id bigint NOT NULL,
    by_id bigint,
    CONSTRAINT handbook_articleversion_number_check CHECK ((number >= 0))
);
ALTER TABLE public.handbook_articleversion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.handbook_articleversion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.handbook_articlevote (
    id bigint NOT NULL,
    version integer NOT NULL,
    helpful boolean NOT NULL,
    case_id bigint,
    at timestamp with time zone NOT NULL,
    article_id bigint NOT NULL,
    by_id bigint,
    CONSTRAINT handbook_articlevote_version_check CHECK ((version >= 0))
);
ALTER TABLE public.handbook_articlevote ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.handbook_articlevote_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.handbook_question (
    id bigint NOT NULL,
    words text NOT NULL,
    place text NOT NULL,
    asked integer NOT NULL,
    opened integer NOT NULL,
    found integer NOT NULL,
    first_on date NOT NULL,
    last_on date NOT NULL,
    CONSTRAINT handbook_question_asked_check CHECK ((asked >= 0)),
    CONSTRAINT handbook_question_found_check CHECK ((found >= 0)),
    CONSTRAINT handbook_question_opened_check CHECK ((opened >= 0))
);
ALTER TABLE public.handbook_question ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.handbook_question_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.ledger_entry (
    id bigint NOT NULL,
    kind text NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    actor_id bigint,
    about_kind text NOT NULL,
    about_id bigint NOT NULL,
    case_id bigint,
    facts jsonb NOT NULL,
    commitment bytea,
    "position" bigint,
    seal bytea
)
WITH (fillfactor='90', autovacuum_vacuum_insert_scale_factor='0.05');
ALTER TABLE public.ledger_entry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.ledger_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.ledger_outgoing (
    id bigint NOT NULL,
    key uuid NOT NULL,
    channel text NOT NULL,
    lane text NOT NULL,
    payload jsonb NOT NULL,
    state text NOT NULL,
    next_try_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    tries integer NOT NULL,
    last_error text NOT NULL,
    written_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    sent_at timestamp with time zone,
    CONSTRAINT outgoing_sent_has_time CHECK (((NOT (state = 'sent'::text)) OR (sent_at IS NOT NULL))),
    CONSTRAINT outgoing_state CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'dead'::text])))
);
ALTER TABLE public.ledger_outgoing ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.ledger_outgoing_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.ledger_private (
    entry_id bigint NOT NULL,
    salt bytea NOT NULL,
    payload jsonb NOT NULL
);
CREATE TABLE public.ledger_virtualclock (
    only_one boolean DEFAULT true NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT ledger_virtualclock_only_one_check CHECK (only_one)
);
CREATE TABLE public.organisation_absence (
    id bigint NOT NULL,
    from_at timestamp with time zone NOT NULL,
    to_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    deputy_id bigint,
    person_id bigint NOT NULL,
    CONSTRAINT absence_deputy_is_somebody_else CHECK (((deputy_id IS NULL) OR (NOT ((deputy_id = person_id) AND (deputy_id IS NOT NULL))))),
    CONSTRAINT absence_ends_after_it_begins CHECK ((to_at > from_at))
);
ALTER TABLE public.organisation_absence ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.organisation_absence_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.organisation_apikey (
    id bigint NOT NULL,
    name text NOT NULL,
    prefix text NOT NULL,
    secret_hash text NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    last_used_on date,
    person_id bigint NOT NULL,
    CONSTRAINT api_key_scopes_known CHECK ((scopes <@ ARRAY['cases:read'::text, 'cases:write'::text, 'customers:read'::text, 'customers:reveal'::text, 'organisation:read'::text, 'organisation:write'::text, 'standards:read'::text, 'standards:write'::text, 'webhooks'::text, 'imports'::text, 'ledger:read'::text]))
);
ALTER TABLE public.organisation_apikey ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.organisation_apikey_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.organisation_calendar (
    id bigint NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    timezone text NOT NULL,
    always boolean NOT NULL,
    holidays_id bigint
);
ALTER TABLE public.organisation_calendar ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.organisation_calendar_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.organisation_calendarshift (
    id bigint NOT NULL,
    weekday smallint NOT NULL,
    opens time without time zone NOT NULL,
    closes time without time zone NOT NULL,
    calendar_id bigint NOT NULL,
    CONSTRAINT calendar_shift_weekday CHECK ((weekday <= 6)),
    CONSTRAINT organisation_calendarshift_weekday_check CHECK ((weekday >= 0))
);
ALTER TABLE public.organisation_calendarshift ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.organisation_calendarshift_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.organisation_department (
    id bigint NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    path text NOT NULL,
    is_front_desk boolean NOT NULL,
    region text NOT NULL,
    calendar_id bigint,
    parent_id bigint,
    is_active boolean NOT NULL,
    CONSTRAINT department_not_its_own_parent CHECK ((NOT ((parent_id = id) AND (parent_id IS NOT NULL))))
);
ALTER TABLE public.organisation_department ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.organisation_department_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.organisation_grant (
    id bigint NOT NULL,
    decision text NOT NULL,
    rank smallint,
    currency text NOT NULL,
    unlimited boolean NOT NULL,
    limit_each bigint NOT NULL,
    limit_case bigint,
    limit_customer bigint,
    limit_period bigint,
    period_days smallint NOT NULL,
    for_kinds text[] NOT NULL,
    up_to_severity smallint,
    not_on_repeat boolean NOT NULL,
    department_id bigint,
    position_id bigint,
    matrix_id bigint NOT NULL,
    CONSTRAINT grant_limits_not_negative CHECK (((limit_each >= 0) AND ((limit_case IS NULL) OR (limit_case >= 0)) AND ((limit_customer IS NULL) OR (limit_customer >= 0)) AND ((limit_period IS NULL) OR (limit_period >= 0)))),
    CONSTRAINT grant_names_somebody CHECK ((((department_id IS NULL) AND (position_id IS NOT NULL) AND (rank IS NULL)) OR ((position_id IS NULL) AND (rank IS NOT NULL)))),
    CONSTRAINT grant_period_positive CHECK ((period_days >= 1)),
    CONSTRAINT organisation_grant_period_days_check CHECK ((period_days >= 0)),
    CONSTRAINT organisation_grant_rank_check CHECK ((rank >= 0)),
    CONSTRAINT organisation_grant_up_to_severity_check CHECK ((up_to_severity >= 0))
);
ALTER TABLE public.organisation_grant ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.organisation_grant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.organisation_holidayday (
    id bigint NOT NULL,
    "on" date NOT NULL,
    works boolean NOT NULL,
    name text NOT NULL,
    year_id bigint NOT NULL
);
ALTER TABLE public.organisation_holidayday ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.organisation_holidayday_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.organisation_holidaylist (
    id bigint NOT NULL,
    code text NOT NULL,
    name text NOT NULL
);
ALTER TABLE public.organisation_holidaylist ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.organisation_holidaylist_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.organisation_holidayyear (
    id bigint NOT NULL,
    year smallint NOT NULL,
    published boolean NOT NULL,
    source text NOT NULL,
    list_id bigint NOT NULL,
    CONSTRAINT organisation_holidayyear_year_check CHECK ((year >= 0))
);
ALTER TABLE public.organisation_holidayyear ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.organisation_holidayyear_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.organisation_lending (
    id bigint NOT NULL,
    decision text NOT NULL,
    currency text NOT NULL,
    "limit" bigint NOT NULL,
    from_at timestamp with time zone NOT NULL,
    to_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    borrower_id bigint NOT NULL,
    lender_id bigint NOT NULL,
    CONSTRAINT lending_ends_after_it_begins CHECK ((to_at > from_at)),
    CONSTRAINT lending_of_something CHECK (("limit" > 0)),
    CONSTRAINT lending_to_another CHECK ((NOT (lender_id = borrower_id)))
);
ALTER TABLE public.organisation_lending ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.organisation_lending_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.organisation_matrix (
    id bigint NOT NULL,
    number integer,
    published_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    note text NOT NULL,
    published_by_id bigint,
    CONSTRAINT matrix_numbered_when_published CHECK ((((number IS NULL) AND (published_at IS NULL)) OR ((number IS NOT NULL) AND (published_at IS NOT NULL)))),
    CONSTRAINT organisation_matrix_number_check CHECK ((number >= 0))
);
ALTER TABLE public.organisation_matrix ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.organisation_matrix_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.organisation_person (
    id bigint NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    login text NOT NULL,
    name text NOT NULL,
    name_pinyin text NOT NULL,
    name_initials text NOT NULL,
    email character varying(254) NOT NULL,
    phone text NOT NULL,
    language text NOT NULL,
    is_active boolean NOT NULL,
    preferences jsonb NOT NULL,
    locked_at timestamp with time zone,
    sign_in_round integer NOT NULL,
    CONSTRAINT organisation_person_sign_in_round_check CHECK ((sign_in_round >= 0))
);
ALTER TABLE public.organisation_person ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.organisation_person_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.organisation_position (
    id bigint NOT NULL,
    code text NOT NULL,
    title text NOT NULL,
    title_en text NOT NULL,
    rank smallint NOT NULL,
    sees text NOT NULL,
    duties text[] NOT NULL,
    department_id bigint NOT NULL,
    CONSTRAINT organisation_position_rank_check CHECK ((rank >= 0)),
    CONSTRAINT position_duties_known CHECK ((duties <@ ARRAY['front_desk'::text, 'coordinator'::text, 'administrator'::text, 'auditor'::text, 'knowledge_steward'::text])),
    CONSTRAINT position_rank_from_one CHECK ((rank >= 1)),
    CONSTRAINT position_sees_known CHECK ((sees = ANY (ARRAY['own'::text, 'department'::text, 'subtree'::text, 'everything'::text])))
);
ALTER TABLE public.organisation_position ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.organisation_position_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.organisation_post (
    id bigint NOT NULL,
    since date NOT NULL,
    until date,
    is_main boolean NOT NULL,
    person_id bigint NOT NULL,
    position_id bigint NOT NULL,
    CONSTRAINT post_until_after_since CHECK (((until IS NULL) OR (until > since)))
);
ALTER TABLE public.organisation_post ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.organisation_post_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.organisation_revision (
    name text NOT NULL,
    number bigint NOT NULL
);
CREATE SEQUENCE public.organisation_revision_number
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE public.organisation_signinlink (
    id bigint NOT NULL,
    purpose text NOT NULL,
    token_hash text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    made_by_id bigint,
    person_id bigint NOT NULL,
    CONSTRAINT sign_in_link_purpose_known CHECK ((purpose = ANY (ARRAY['invitation'::text, 'reset'::text])))
);
ALTER TABLE public.organisation_signinlink ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.organisation_signinlink_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.organisation_use (
    id bigint NOT NULL,
    decision text NOT NULL,
    pot text NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    about_kind text NOT NULL,
    about_id bigint NOT NULL,
    case_id bigint,
    customer_id bigint,
    how text NOT NULL,
    at timestamp with time zone NOT NULL,
    returned_at timestamp with time zone,
    asked_by_id bigint,
    decided_by_id bigint NOT NULL,
    grant_id bigint NOT NULL,
    lending_id bigint,
    principal_id bigint NOT NULL,
    CONSTRAINT use_of_something CHECK ((amount > 0))
);
ALTER TABLE public.organisation_use ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.organisation_use_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_authorityrequest (
    id bigint NOT NULL,
    decision text NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    about_kind text NOT NULL,
    about_id bigint NOT NULL,
    case_id bigint,
    case_ids jsonb NOT NULL,
    customer_id bigint,
    customer_ids jsonb NOT NULL,
    kind text NOT NULL,
    severity smallint NOT NULL,
    is_repeat boolean NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    passed_by jsonb NOT NULL,
    state text NOT NULL,
    decided_at timestamp with time zone,
    note text NOT NULL,
    asked_by_id bigint NOT NULL,
    decided_by_id bigint,
    department_id bigint NOT NULL,
    to_person_id bigint NOT NULL,
    use_id bigint,
    CONSTRAINT promise_authorityrequest_severity_check CHECK ((severity >= 0)),
    CONSTRAINT request_decided CHECK ((((decided_at IS NULL) AND (state = 'asked'::text)) OR ((decided_at IS NOT NULL) AND (state = 'granted'::text) AND (use_id IS NOT NULL)) OR ((decided_at IS NOT NULL) AND (state = ANY (ARRAY['refused'::text, 'withdrawn'::text])) AND (use_id IS NULL)))),
    CONSTRAINT request_not_decided_by_asker CHECK (((NOT (state = ANY (ARRAY['granted'::text, 'refused'::text]))) OR (NOT ((decided_by_id = asked_by_id) AND (decided_by_id IS NOT NULL))))),
    CONSTRAINT request_of_something CHECK ((amount > 0))
);
ALTER TABLE public.promise_authorityrequest ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_authorityrequest_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_authorityword (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    body text NOT NULL,
    by_id bigint NOT NULL,
    request_id bigint NOT NULL
);
ALTER TABLE public.promise_authorityword ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_authorityword_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_blueprint (
    id bigint NOT NULL,
    code character varying(50) NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    draft jsonb,
    draft_before jsonb NOT NULL,
    draft_version integer NOT NULL,
    draft_changed_at timestamp with time zone,
    department_id bigint,
    draft_changed_by_id bigint,
    steward_id bigint,
    CONSTRAINT promise_blueprint_draft_version_check CHECK ((draft_version >= 0))
);
ALTER TABLE public.promise_blueprint ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_blueprint_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_blueprintversion (
    id bigint NOT NULL,
    number integer NOT NULL,
    drawing jsonb NOT NULL,
    note text NOT NULL,
    published_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    blueprint_id bigint NOT NULL,
    published_by_id bigint,
    CONSTRAINT promise_blueprintversion_number_check CHECK ((number >= 0))
);
ALTER TABLE public.promise_blueprintversion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_blueprintversion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_clock (
    id bigint NOT NULL,
    about_kind text NOT NULL,
    about_id bigint NOT NULL,
    case_id bigint,
    measure text NOT NULL,
    generation smallint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    budget interval NOT NULL,
    not_before timestamp with time zone,
    was_paused boolean NOT NULL,
    state text NOT NULL,
    due_at timestamp with time zone,
    provisional boolean NOT NULL,
    breached_at timestamp with time zone,
    rested interval NOT NULL,
    stopped_at timestamp with time zone,
    next_level smallint NOT NULL,
    next_round smallint NOT NULL,
    next_at timestamp with time zone,
    calendar_id bigint NOT NULL,
    department_id bigint NOT NULL,
    holder_id bigint,
    version_id bigint NOT NULL,
    CONSTRAINT clock_next_only_while_running CHECK (((state = 'running'::text) OR (next_at IS NULL))),
    CONSTRAINT clock_running_has_due_at CHECK (((NOT (state = 'running'::text)) OR (due_at IS NOT NULL))),
    CONSTRAINT clock_state CHECK ((state = ANY (ARRAY['running'::text, 'paused'::text, 'met'::text, 'missed'::text, 'void'::text]))),
    CONSTRAINT clock_stopped_has_time CHECK (((state = ANY (ARRAY['running'::text, 'paused'::text])) OR (stopped_at IS NOT NULL))),
    CONSTRAINT clock_stopped_not_before_start CHECK (((stopped_at IS NULL) OR (stopped_at >= started_at))),
    CONSTRAINT clock_verdict_fits_breach CHECK ((((NOT (state = 'met'::text)) OR (breached_at IS NULL)) AND ((NOT (state = 'missed'::text)) OR (breached_at IS NOT NULL)))),
    CONSTRAINT promise_clock_generation_check CHECK ((generation >= 0)),
    CONSTRAINT promise_clock_next_level_check CHECK ((next_level >= 0)),
    CONSTRAINT promise_clock_next_round_check CHECK ((next_round >= 0))
);
ALTER TABLE public.promise_clock ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_clock_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_communicationentry (
    id bigint NOT NULL,
    code character varying(50) NOT NULL,
    occasion text NOT NULL,
    direction text NOT NULL,
    on_day date,
    months smallint,
    delay_hours smallint NOT NULL,
    at time without time zone,
    channel text NOT NULL,
    purpose text NOT NULL,
    subject text NOT NULL,
    subject_en text NOT NULL,
    body text NOT NULL,
    body_en text NOT NULL,
    version_id bigint NOT NULL,
    CONSTRAINT promise_communicationentry_delay_hours_check CHECK ((delay_hours >= 0)),
    CONSTRAINT promise_communicationentry_months_check CHECK ((months >= 0))
);
ALTER TABLE public.promise_communicationentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_communicationentry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_communicationplan (
    id bigint NOT NULL,
    draft jsonb,
    draft_version integer NOT NULL,
    draft_at timestamp with time zone,
    begun_at timestamp with time zone,
    draft_by_id bigint,
    segment_id bigint NOT NULL,
    CONSTRAINT promise_communicationplan_draft_version_check CHECK ((draft_version >= 0))
);
ALTER TABLE public.promise_communicationplan ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_communicationplan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_communicationversion (
    id bigint NOT NULL,
    number integer NOT NULL,
    published_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    quiet_from time without time zone,
    quiet_to time without time zone,
    at_most smallint NOT NULL,
    within_days smallint NOT NULL,
    calendar_id bigint,
    plan_id bigint NOT NULL,
    published_by_id bigint,
    CONSTRAINT communication_cap_counts CHECK (((at_most >= 1) AND (within_days >= 1))),
    CONSTRAINT communication_quiet_has_both_ends CHECK ((((quiet_from IS NULL) AND (quiet_to IS NULL)) OR ((quiet_from IS NOT NULL) AND (quiet_to IS NOT NULL)))),
    CONSTRAINT promise_communicationversion_at_most_check CHECK ((at_most >= 0)),
    CONSTRAINT promise_communicationversion_number_check CHECK ((number >= 0)),
    CONSTRAINT promise_communicationversion_within_days_check CHECK ((within_days >= 0))
);
ALTER TABLE public.promise_communicationversion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_communicationversion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_escalation (
    id bigint NOT NULL,
    case_id bigint,
    cause text NOT NULL,
    level smallint NOT NULL,
    round smallint NOT NULL,
    is_top boolean NOT NULL,
    skipped jsonb NOT NULL,
    reason text NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    made_at timestamp with time zone NOT NULL,
    acted_at timestamp with time zone,
    act_note text NOT NULL,
    acted_by_id bigint,
    clock_id bigint,
    department_id bigint NOT NULL,
    from_person_id bigint,
    to_person_id bigint,
    acted_how text NOT NULL,
    look_again_at timestamp with time zone,
    over_at timestamp with time zone,
    CONSTRAINT escalation_about_something CHECK (((case_id IS NOT NULL) OR (clock_id IS NOT NULL))),
    CONSTRAINT promise_escalation_level_check CHECK ((level >= 0)),
    CONSTRAINT promise_escalation_round_check CHECK ((round >= 0))
);
ALTER TABLE public.promise_escalation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_escalation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_extension (
    id bigint NOT NULL,
    case_id bigint NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    old_due_at timestamp with time zone NOT NULL,
    wanted_until timestamp with time zone NOT NULL,
    state text NOT NULL,
    decided_at timestamp with time zone,
    decision_note text NOT NULL,
    new_due_at timestamp with time zone,
    asked_by_id bigint NOT NULL,
    authority_id bigint NOT NULL,
    clock_id bigint NOT NULL,
    decided_by_id bigint,
    CONSTRAINT extension_decided CHECK ((((decided_at IS NULL) AND (state = 'asked'::text)) OR ((decided_at IS NOT NULL) AND (new_due_at IS NOT NULL) AND (state = 'granted'::text)) OR ((decided_at IS NOT NULL) AND (new_due_at IS NULL) AND (state = ANY (ARRAY['refused'::text, 'expired'::text])))))
);
ALTER TABLE public.promise_extension ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_extension_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_messagereply (
    id bigint NOT NULL,
    key text NOT NULL,
    at timestamp with time zone NOT NULL,
    contact_id bigint NOT NULL,
    message_id bigint NOT NULL
);
ALTER TABLE public.promise_messagereply ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_messagereply_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_package (
    id bigint NOT NULL,
    code character varying(50) NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    segment_id bigint NOT NULL
);
ALTER TABLE public.promise_package ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_package_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_packageversion (
    id bigint NOT NULL,
    number integer NOT NULL,
    published_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    review_on date,
    reason text NOT NULL,
    reason_en text NOT NULL,
    channels text[] NOT NULL,
    contact text NOT NULL,
    visit_every_days smallint,
    promise text NOT NULL,
    promise_en text NOT NULL,
    remedy text NOT NULL,
    remedy_en text NOT NULL,
    is_public boolean NOT NULL,
    calendar_id bigint,
    owner_id bigint,
    package_id bigint NOT NULL,
    published_by_id bigint,
    CONSTRAINT package_visits_some_day CHECK (((visit_every_days IS NULL) OR (visit_every_days > 0))),
    CONSTRAINT promise_packageversion_number_check CHECK ((number >= 0)),
    CONSTRAINT promise_packageversion_visit_every_days_check CHECK ((visit_every_days >= 0))
);
ALTER TABLE public.promise_packageversion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_packageversion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_packageversion_standards (
    id bigint NOT NULL,
    packageversion_id bigint NOT NULL,
    standard_id bigint NOT NULL
);
ALTER TABLE public.promise_packageversion_standards ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_packageversion_standards_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_pause (
    id bigint NOT NULL,
    from_at timestamp with time zone NOT NULL,
    to_at timestamp with time zone,
    reason text NOT NULL,
    clock_id bigint NOT NULL,
    CONSTRAINT pause_not_backwards CHECK (((to_at IS NULL) OR (to_at >= from_at)))
);
ALTER TABLE public.promise_pause ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_pause_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_planmessage (
    id bigint NOT NULL,
    way text NOT NULL,
    occasion text NOT NULL,
    event text NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    next_at timestamp with time zone,
    state text NOT NULL,
    reason text NOT NULL,
    detail text NOT NULL,
    moved_by_quiet boolean NOT NULL,
    channel text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    posted_at timestamp with time zone,
    sent_at timestamp with time zone,
    opted_out_at timestamp with time zone,
    contact_id bigint,
    customer_id bigint NOT NULL,
    entry_id bigint NOT NULL,
    plan_id bigint NOT NULL,
    CONSTRAINT plan_message_next_only_while_waiting CHECK (((state = 'waiting'::text) OR (next_at IS NULL))),
    CONSTRAINT plan_message_not_sent_says_why CHECK (((NOT (state = 'not_sent'::text)) OR (NOT (reason = ''::text)))),
    CONSTRAINT plan_message_sent_has_time CHECK (((NOT (state = 'sent'::text)) OR (sent_at IS NOT NULL))),
    CONSTRAINT plan_message_waits_for_something CHECK (((NOT (state = 'waiting'::text)) OR (next_at IS NOT NULL)))
);
ALTER TABLE public.promise_planmessage ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_planmessage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_proposal (
    id bigint NOT NULL,
    kind text NOT NULL,
    budget_minutes integer,
    subject text NOT NULL,
    why text NOT NULL,
    at timestamp with time zone NOT NULL,
    state text NOT NULL,
    trial_until timestamp with time zone,
    trial_note text NOT NULL,
    result text NOT NULL,
    decided_at timestamp with time zone,
    answer text NOT NULL,
    by_id bigint NOT NULL,
    decided_by_id bigint,
    department_id bigint NOT NULL,
    reviewer_id bigint NOT NULL,
    standard_id bigint,
    trial_department_id bigint,
    trial_version_id bigint,
    version_id bigint,
    CONSTRAINT promise_proposal_budget_minutes_check CHECK ((budget_minutes >= 0)),
    CONSTRAINT proposal_answered CHECK (((state = ANY (ARRAY['proposed'::text, 'trial'::text, 'withdrawn'::text])) OR ((decided_at IS NOT NULL) AND (NOT (answer = ''::text))))),
    CONSTRAINT proposal_names_its_standard CHECK (((NOT (kind = 'standard'::text)) OR (standard_id IS NOT NULL))),
    CONSTRAINT proposal_not_decided_by_proposer CHECK (((NOT (state = ANY (ARRAY['accepted'::text, 'refused'::text]))) OR (NOT ((decided_by_id = by_id) AND (decided_by_id IS NOT NULL)))))
);
ALTER TABLE public.promise_proposal ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_proposal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_standard (
    id bigint NOT NULL,
    code character varying(50) NOT NULL,
    measure text NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    owner_id bigint
);
ALTER TABLE public.promise_standard ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_standard_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_standardversion (
    id bigint NOT NULL,
    number integer NOT NULL,
    published_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    for_kind text NOT NULL,
    for_category text NOT NULL,
    for_severity smallint,
    for_grade text NOT NULL,
    for_channel text NOT NULL,
    budget_minutes integer NOT NULL,
    pauses_for_customer boolean NOT NULL,
    warn_percent smallint,
    ladder_minutes integer[] NOT NULL,
    repeat_minutes integer,
    promise text NOT NULL,
    promise_en text NOT NULL,
    remedy text NOT NULL,
    calendar_id bigint,
    for_department_id bigint,
    standard_id bigint NOT NULL,
    remedy_en text NOT NULL,
    published_by_id bigint,
    only_in_packages boolean NOT NULL,
    proposed_by_id bigint,
    reason text NOT NULL,
    review_on date,
    CONSTRAINT budget_is_positive CHECK ((budget_minutes > 0)),
    CONSTRAINT promise_standardversion_budget_minutes_check CHECK ((budget_minutes >= 0)),
    CONSTRAINT promise_standardversion_for_severity_check CHECK ((for_severity >= 0)),
    CONSTRAINT promise_standardversion_number_check CHECK ((number >= 0)),
    CONSTRAINT promise_standardversion_repeat_minutes_check CHECK ((repeat_minutes >= 0)),
    CONSTRAINT promise_standardversion_warn_percent_check CHECK ((warn_percent >= 0)),
    CONSTRAINT warning_before_deadline CHECK (((warn_percent IS NULL) OR ((warn_percent >= 1) AND (warn_percent <= 99))))
);
ALTER TABLE public.promise_standardversion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_standardversion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_statement (
    id bigint NOT NULL,
    month date NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    said_at timestamp with time zone,
    nothing_to_change boolean,
    words text NOT NULL,
    department_id bigint NOT NULL,
    holder_id bigint NOT NULL,
    said_by_id bigint,
    CONSTRAINT statement_said_by_somebody CHECK ((((nothing_to_change IS NULL) AND (said_at IS NULL) AND (said_by_id IS NULL)) OR ((nothing_to_change IS NOT NULL) AND (said_at IS NOT NULL) AND (said_by_id IS NOT NULL))))
);
ALTER TABLE public.promise_statement ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_statement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_statement_proposals (
    id bigint NOT NULL,
    statement_id bigint NOT NULL,
    proposal_id bigint NOT NULL
);
ALTER TABLE public.promise_statement_proposals ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_statement_proposals_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_strategycycle (
    id bigint NOT NULL,
    number integer NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    carried text NOT NULL,
    reviewed_at timestamp with time zone,
    learnt text NOT NULL,
    begun_by_id bigint,
    reviewed_by_id bigint,
    segment_id bigint NOT NULL,
    broken jsonb NOT NULL,
    CONSTRAINT promise_strategycycle_number_check CHECK ((number >= 0))
);
ALTER TABLE public.promise_strategycycle ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_strategycycle_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_strategyevidence (
    id bigint NOT NULL,
    words text NOT NULL,
    address text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    added_by_id bigint,
    step_id bigint NOT NULL
);
ALTER TABLE public.promise_strategyevidence ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_strategyevidence_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_strategystep (
    id bigint NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    words text NOT NULL,
    due_at timestamp with time zone,
    done_at timestamp with time zone,
    version integer NOT NULL,
    cycle_id bigint NOT NULL,
    done_by_id bigint,
    owner_id bigint NOT NULL,
    CONSTRAINT promise_strategystep_version_check CHECK ((version >= 0)),
    CONSTRAINT strategy_step_done_has_time CHECK ((((done_at IS NOT NULL) AND (state = 'done'::text)) OR ((NOT (state = 'done'::text)) AND (done_at IS NULL)))),
    CONSTRAINT strategy_step_state CHECK ((state = ANY (ARRAY['open'::text, 'at_work'::text, 'done'::text, 'carried'::text])))
);
ALTER TABLE public.promise_strategystep ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_strategystep_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_strategytask (
    id bigint NOT NULL,
    what text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    outcome text NOT NULL,
    carried boolean NOT NULL,
    carried_from_id bigint,
    done_by_id bigint,
    owner_id bigint NOT NULL,
    step_id bigint NOT NULL
);
ALTER TABLE public.promise_strategytask ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_strategytask_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.promise_visitrhythm (
    id bigint NOT NULL,
    every_days smallint NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    customer_id bigint NOT NULL,
    owner_id bigint NOT NULL,
    package_id bigint NOT NULL,
    series_id bigint NOT NULL,
    CONSTRAINT promise_visitrhythm_every_days_check CHECK ((every_days >= 0))
);
ALTER TABLE public.promise_visitrhythm ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.promise_visitrhythm_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_attachment (
    id uuid NOT NULL,
    from_customer boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    original_name text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    media_type text NOT NULL,
    state text NOT NULL,
    doubt text NOT NULL,
    width integer,
    height integer,
    by_id bigint,
    case_id bigint NOT NULL,
    message_id bigint,
    task_id bigint,
    CONSTRAINT attachment_state CHECK ((((doubt = ''::text) AND (height IS NOT NULL) AND (state = 'picture'::text) AND (width IS NOT NULL)) OR ((doubt = ''::text) AND (state = 'file'::text)) OR ((state = 'doubtful'::text) AND (NOT (doubt = ''::text))))),
    CONSTRAINT serve_attachment_height_check CHECK ((height >= 0)),
    CONSTRAINT serve_attachment_size_check CHECK ((size >= 0)),
    CONSTRAINT serve_attachment_width_check CHECK ((width >= 0))
);
CREATE TABLE public.serve_bulkchange (
    id bigint NOT NULL,
    act text NOT NULL,
    asked jsonb NOT NULL,
    state text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    undone_at timestamp with time zone,
    listed text NOT NULL,
    by_id bigint NOT NULL,
    undone_by_id bigint,
    CONSTRAINT bulk_change_state CHECK ((state = ANY (ARRAY['draft'::text, 'waiting'::text, 'done'::text, 'undoing'::text, 'undone'::text])))
);
ALTER TABLE public.serve_bulkchange ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_bulkchange_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_bulkitem (
    id bigint NOT NULL,
    about_kind text NOT NULL,
    about_id bigint NOT NULL,
    state text NOT NULL,
    before jsonb NOT NULL,
    after jsonb NOT NULL,
    reason text NOT NULL,
    case_id bigint NOT NULL,
    change_id bigint NOT NULL
);
ALTER TABLE public.serve_bulkitem ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_bulkitem_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_case (
    id bigint NOT NULL,
    number text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    subject text NOT NULL,
    story text NOT NULL,
    category text NOT NULL,
    product text NOT NULL,
    severity smallint NOT NULL,
    channel text NOT NULL,
    language text NOT NULL,
    grade text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    closed_at timestamp with time zone,
    generation smallint NOT NULL,
    level smallint NOT NULL,
    queue_at timestamp with time zone NOT NULL,
    version integer NOT NULL,
    tracking_salt text NOT NULL,
    source text NOT NULL,
    external_id text,
    customer_id bigint,
    department_id bigint NOT NULL,
    merged_into_id bigint,
    owner_id bigint NOT NULL,
    requested_by_id bigint,
    opinion_point_id bigint,
    package_id bigint,
    segment_id bigint,
    emergency_since timestamp with time zone,
    CONSTRAINT case_answered_has_time CHECK (((NOT (state = 'answered'::text)) OR (answered_at IS NOT NULL))),
    CONSTRAINT case_closed_has_time CHECK ((((closed_at IS NOT NULL) AND (state = 'closed'::text)) OR ((NOT (state = 'closed'::text)) AND (closed_at IS NULL)))),
    CONSTRAINT case_merged_into_another CHECK ((((merged_into_id IS NOT NULL) AND (state = 'merged'::text)) OR ((NOT (state = 'merged'::text)) AND (merged_into_id IS NULL)))),
    CONSTRAINT case_severity CHECK (((severity >= 1) AND (severity <= 4))),
    CONSTRAINT case_state CHECK ((state = ANY (ARRAY['open'::text, 'waiting'::text, 'answered'::text, 'closed'::text, 'merged'::text]))),
    CONSTRAINT serve_case_generation_check CHECK ((generation >= 0)),
    CONSTRAINT serve_case_level_check CHECK ((level >= 0)),
    CONSTRAINT serve_case_severity_check CHECK ((severity >= 0)),
    CONSTRAINT serve_case_version_check CHECK ((version >= 0))
)
WITH (fillfactor='85');
ALTER TABLE public.serve_case ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_case_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE SEQUENCE public.serve_case_number
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE public.serve_caseform (
    id bigint NOT NULL,
    code character varying(40) NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    intro text NOT NULL,
    intro_en text NOT NULL,
    kind text NOT NULL,
    category text NOT NULL,
    product text NOT NULL,
    is_public boolean NOT NULL,
    place smallint NOT NULL,
    draft jsonb,
    draft_version integer NOT NULL,
    draft_changed_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    draft_changed_by_id bigint,
    CONSTRAINT serve_caseform_draft_version_check CHECK ((draft_version >= 0)),
    CONSTRAINT serve_caseform_place_check CHECK ((place >= 0))
);
ALTER TABLE public.serve_caseform ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_caseform_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_caseformversion (
    id bigint NOT NULL,
    number integer NOT NULL,
    fields jsonb NOT NULL,
    note text NOT NULL,
    published_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    form_id bigint NOT NULL,
    published_by_id bigint,
    CONSTRAINT serve_caseformversion_number_check CHECK ((number >= 0))
);
ALTER TABLE public.serve_caseformversion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_caseformversion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_caselink (
    id bigint NOT NULL,
    kind text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    case_id bigint NOT NULL,
    made_by_id bigint,
    other_id bigint NOT NULL,
    CONSTRAINT no_link_to_itself CHECK ((NOT (case_id = other_id)))
);
ALTER TABLE public.serve_caselink ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_caselink_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_closing (
    id bigint NOT NULL,
    generation smallint NOT NULL,
    at timestamp with time zone NOT NULL,
    quality_point text NOT NULL,
    cause text NOT NULL,
    severity smallint,
    summary text NOT NULL,
    by_id bigint,
    case_id bigint NOT NULL,
    department_id bigint,
    CONSTRAINT serve_closing_generation_check CHECK ((generation >= 0)),
    CONSTRAINT serve_closing_severity_check CHECK ((severity >= 0))
);
ALTER TABLE public.serve_closing ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_closing_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_counter (
    id bigint NOT NULL,
    what text NOT NULL,
    of text NOT NULL,
    slot smallint NOT NULL,
    number bigint NOT NULL,
    CONSTRAINT serve_counter_slot_check CHECK ((slot >= 0))
);
ALTER TABLE public.serve_counter ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_counter_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_draft (
    id bigint NOT NULL,
    tab text NOT NULL,
    said jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    case_id bigint NOT NULL,
    person_id bigint NOT NULL,
    CONSTRAINT draft_tab CHECK ((tab = ANY (ARRAY['reply'::text, 'note'::text, 'task'::text])))
);
ALTER TABLE public.serve_draft ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_draft_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_draftfile (
    id uuid NOT NULL,
    tab text NOT NULL,
    at timestamp with time zone NOT NULL,
    original_name text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    media_type text NOT NULL,
    state text NOT NULL,
    doubt text NOT NULL,
    width integer,
    height integer,
    case_id bigint NOT NULL,
    held_id bigint,
    person_id bigint NOT NULL,
    CONSTRAINT draft_file_held_is_a_reply CHECK (((held_id IS NULL) OR (tab = 'reply'::text))),
    CONSTRAINT draft_file_tab CHECK ((tab = ANY (ARRAY['reply'::text, 'note'::text, 'task'::text]))),
    CONSTRAINT serve_draftfile_height_check CHECK ((height >= 0)),
    CONSTRAINT serve_draftfile_size_check CHECK ((size >= 0)),
    CONSTRAINT serve_draftfile_width_check CHECK ((width >= 0))
);
CREATE TABLE public.serve_emergency (
    id bigint NOT NULL,
    state text NOT NULL,
    reason text NOT NULL,
    at timestamp with time zone NOT NULL,
    also_tell jsonb NOT NULL,
    begun_at timestamp with time zone,
    in_hand_at timestamp with time zone,
    in_hand_note text NOT NULL,
    verdict text NOT NULL,
    learnt text NOT NULL,
    reviewed_at timestamp with time zone,
    by_id bigint NOT NULL,
    case_id bigint NOT NULL,
    in_hand_by_id bigint,
    request_id bigint,
    reviewed_by_id bigint,
    reviewer_id bigint,
    use_id bigint,
    CONSTRAINT emergency_begun_by_authority CHECK (((NOT (state = ANY (ARRAY['running'::text, 'in_hand'::text]))) OR ((begun_at IS NOT NULL) AND (reviewer_id IS NOT NULL) AND (use_id IS NOT NULL)))),
    CONSTRAINT emergency_not_reviewed_by_user CHECK (((reviewed_by_id IS NULL) OR (NOT ((reviewed_by_id = by_id) AND (reviewed_by_id IS NOT NULL))))),
    CONSTRAINT emergency_review_has_verdict CHECK (((reviewed_at IS NULL) OR ((NOT (verdict = ''::text)) AND (NOT (learnt = ''::text)) AND (reviewed_by_id IS NOT NULL))))
);
ALTER TABLE public.serve_emergency ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_emergency_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_filledform (
    id bigint NOT NULL,
    number integer NOT NULL,
    answers jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    is_current boolean NOT NULL,
    by_id bigint,
    case_id bigint NOT NULL,
    version_id bigint NOT NULL,
    CONSTRAINT serve_filledform_number_check CHECK ((number >= 0))
);
ALTER TABLE public.serve_filledform ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_filledform_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_firstcontact (
    case_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    article_version integer,
    article_id bigint,
    by_id bigint NOT NULL,
    CONSTRAINT first_contact_names_version CHECK (((article_id IS NULL) OR (article_version IS NOT NULL))),
    CONSTRAINT serve_firstcontact_article_version_check CHECK ((article_version >= 0))
);
CREATE TABLE public.serve_followup (
    id bigint NOT NULL,
    generation smallint NOT NULL,
    state text NOT NULL,
    planned_for timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    comment text NOT NULL,
    done_at timestamp with time zone,
    case_id bigint NOT NULL,
    department_at_fault_id bigint,
    done_by_id bigint,
    holder_id bigint NOT NULL,
    CONSTRAINT follow_up_done_has_outcome CHECK (((NOT (state = 'done'::text)) OR ((NOT (outcome = ''::text)) AND (done_at IS NOT NULL)))),
    CONSTRAINT serve_followup_generation_check CHECK ((generation >= 0))
);
ALTER TABLE public.serve_followup ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_followup_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_goodwill (
    id bigint NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    reason text NOT NULL,
    state text NOT NULL,
    at timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    by_id bigint NOT NULL,
    case_id bigint NOT NULL,
    request_id bigint,
    use_id bigint,
    CONSTRAINT goodwill_is_money CHECK ((amount > 0)),
    CONSTRAINT goodwill_promised_by_authority CHECK (((NOT (state = 'promised'::text)) OR (use_id IS NOT NULL)))
);
ALTER TABLE public.serve_goodwill ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_goodwill_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_heldreply (
    id bigint NOT NULL,
    kind text NOT NULL,
    channel text NOT NULL,
    body text NOT NULL,
    closing jsonb,
    task jsonb,
    state text NOT NULL,
    said_at timestamp with time zone NOT NULL,
    send_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    trouble text NOT NULL,
    by_id bigint NOT NULL,
    case_id bigint NOT NULL,
    message_id bigint,
    template_id bigint,
    CONSTRAINT held_reply_ended_has_time CHECK ((((ended_at IS NULL) AND (state = 'held'::text)) OR ((NOT (state = 'held'::text)) AND (ended_at IS NOT NULL)))),
    CONSTRAINT held_reply_sent_has_message CHECK ((((message_id IS NOT NULL) AND (state = 'sent'::text)) OR ((NOT (state = 'sent'::text)) AND (message_id IS NULL))))
);
ALTER TABLE public.serve_heldreply ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_heldreply_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_intakestep (
    id bigint NOT NULL,
    instruction text NOT NULL,
    department_id bigint NOT NULL,
    template_id bigint NOT NULL
);
ALTER TABLE public.serve_intakestep ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_intakestep_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_intaketemplate (
    id bigint NOT NULL,
    code character varying(50) NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    "position" integer NOT NULL,
    kind text NOT NULL,
    category text NOT NULL,
    severity smallint NOT NULL,
    subject text NOT NULL,
    story text NOT NULL,
    withdrawn_at timestamp with time zone,
    CONSTRAINT intake_template_severity CHECK (((severity >= 1) AND (severity <= 4))),
    CONSTRAINT serve_intaketemplate_position_check CHECK (("position" >= 0)),
    CONSTRAINT serve_intaketemplate_severity_check CHECK ((severity >= 0))
);
ALTER TABLE public.serve_intaketemplate ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_intaketemplate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_message (
    id bigint NOT NULL,
    kind text NOT NULL,
    body text NOT NULL,
    channel text NOT NULL,
    at timestamp with time zone NOT NULL,
    answers_id bigint,
    by_id bigint,
    case_id bigint NOT NULL,
    task_id bigint,
    CONSTRAINT message_says_something CHECK ((NOT (body = ''::text)))
);
ALTER TABLE public.serve_message ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_opinionpoint (
    id bigint NOT NULL,
    code text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    is_active boolean NOT NULL,
    made_at timestamp with time zone NOT NULL,
    department_id bigint,
    CONSTRAINT opinion_point_kind CHECK ((kind = ANY (ARRAY['place'::text, 'product'::text, 'vehicle'::text, 'person'::text])))
);
ALTER TABLE public.serve_opinionpoint ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_opinionpoint_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_policy (
    only_one boolean NOT NULL,
    repeat_within_days smallint NOT NULL,
    send_back_within_minutes integer NOT NULL,
    follow_up_after_days smallint NOT NULL,
    urge_every_hours smallint NOT NULL,
    CONSTRAINT one_policy CHECK (only_one),
    CONSTRAINT serve_policy_follow_up_after_days_check CHECK ((follow_up_after_days >= 0)),
    CONSTRAINT serve_policy_repeat_within_days_check CHECK ((repeat_within_days >= 0)),
    CONSTRAINT serve_policy_send_back_within_minutes_check CHECK ((send_back_within_minutes >= 0)),
    CONSTRAINT serve_policy_urge_every_hours_check CHECK ((urge_every_hours >= 0))
);
CREATE UNLOGGED TABLE public.serve_presence (
    id bigint NOT NULL,
    doing text NOT NULL,
    at timestamp with time zone NOT NULL,
    case_id bigint NOT NULL,
    person_id bigint NOT NULL
);
ALTER TABLE public.serve_presence ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_presence_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_reopening (
    id bigint NOT NULL,
    generation smallint NOT NULL,
    at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    by_id bigint,
    case_id bigint NOT NULL,
    CONSTRAINT serve_reopening_generation_check CHECK ((generation >= 0))
);
ALTER TABLE public.serve_reopening ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_reopening_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_routing (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    by_id bigint,
    case_id bigint NOT NULL,
    rule_id bigint
);
ALTER TABLE public.serve_routing ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_routing_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_routingrule (
    id bigint NOT NULL,
    code character varying(50) NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    "position" integer NOT NULL,
    published_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    for_kind text NOT NULL,
    for_category text NOT NULL,
    for_product text NOT NULL,
    for_channel text NOT NULL,
    for_grade text NOT NULL,
    for_severity smallint,
    for_words text[] NOT NULL,
    published_by_id bigint,
    CONSTRAINT serve_routingrule_for_severity_check CHECK ((for_severity >= 0)),
    CONSTRAINT serve_routingrule_number_check CHECK ((number >= 0)),
    CONSTRAINT serve_routingrule_position_check CHECK (("position" >= 0))
);
ALTER TABLE public.serve_routingrule ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_routingrule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_routingstep (
    id bigint NOT NULL,
    stage smallint NOT NULL,
    instruction text NOT NULL,
    department_id bigint NOT NULL,
    rule_id bigint NOT NULL,
    CONSTRAINT serve_routingstep_stage_check CHECK ((stage >= 0))
);
ALTER TABLE public.serve_routingstep ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_routingstep_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_ruledraft (
    only_one boolean NOT NULL,
    rules jsonb NOT NULL,
    before jsonb,
    version integer NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by_id bigint,
    CONSTRAINT one_rule_draft CHECK (only_one),
    CONSTRAINT serve_ruledraft_version_check CHECK ((version >= 0))
);
CREATE TABLE public.serve_savedview (
    id bigint NOT NULL,
    name text NOT NULL,
    list text NOT NULL,
    query text NOT NULL,
    shared text NOT NULL,
    "position" smallint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    department_id bigint,
    owner_id bigint NOT NULL,
    CONSTRAINT serve_savedview_position_check CHECK (("position" >= 0)),
    CONSTRAINT view_shared_with_a_department CHECK (((NOT (shared = 'department'::text)) OR (department_id IS NOT NULL)))
);
ALTER TABLE public.serve_savedview ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_savedview_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_simulatedpromise (
    id bigint NOT NULL,
    grade text NOT NULL,
    category text NOT NULL,
    old_due_at timestamp with time zone,
    new_due_at timestamp with time zone,
    old_reminded boolean NOT NULL,
    new_reminded boolean NOT NULL,
    old_level smallint,
    new_level smallint,
    old_again smallint NOT NULL,
    new_again smallint NOT NULL,
    case_id bigint NOT NULL,
    department_id bigint NOT NULL,
    segment_id bigint,
    simulation_id bigint NOT NULL,
    CONSTRAINT serve_simulatedpromise_new_again_check CHECK ((new_again >= 0)),
    CONSTRAINT serve_simulatedpromise_new_level_check CHECK ((new_level >= 0)),
    CONSTRAINT serve_simulatedpromise_old_again_check CHECK ((old_again >= 0)),
    CONSTRAINT serve_simulatedpromise_old_level_check CHECK ((old_level >= 0))
);
ALTER TABLE public.serve_simulatedpromise ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_simulatedpromise_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_simulation (
    id bigint NOT NULL,
    measure text NOT NULL,
    terms jsonb,
    named jsonb NOT NULL,
    opened_from timestamp with time zone NOT NULL,
    opened_until timestamp with time zone NOT NULL,
    state text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    cases integer NOT NULL,
    looked_at integer NOT NULL,
    promises integer NOT NULL,
    after_at timestamp with time zone,
    after_id bigint NOT NULL,
    problem text NOT NULL,
    by_id bigint,
    standard_id bigint,
    CONSTRAINT serve_simulation_cases_check CHECK ((cases >= 0)),
    CONSTRAINT serve_simulation_looked_at_check CHECK ((looked_at >= 0)),
    CONSTRAINT serve_simulation_promises_check CHECK ((promises >= 0)),
    CONSTRAINT simulation_span CHECK ((opened_until > opened_from)),
    CONSTRAINT simulation_state CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'failed'::text])))
);
ALTER TABLE public.serve_simulation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_simulation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_snooze (
    id bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone,
    case_id bigint NOT NULL,
    person_id bigint NOT NULL
);
ALTER TABLE public.serve_snooze ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_snooze_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_task (
    id bigint NOT NULL,
    stage smallint NOT NULL,
    instruction text NOT NULL,
    state text NOT NULL,
    given_at timestamp with time zone,
    accepted_at timestamp with time zone,
    ended_at timestamp with time zone,
    result text NOT NULL,
    queue_at timestamp with time zone NOT NULL,
    level smallint NOT NULL,
    version integer NOT NULL,
    case_id bigint NOT NULL,
    department_id bigint NOT NULL,
    handler_id bigint,
    CONSTRAINT serve_task_level_check CHECK ((level >= 0)),
    CONSTRAINT serve_task_stage_check CHECK ((stage >= 0)),
    CONSTRAINT serve_task_version_check CHECK ((version >= 0)),
    CONSTRAINT task_accepted_by_somebody CHECK (((NOT (state = 'accepted'::text)) OR ((accepted_at IS NOT NULL) AND (handler_id IS NOT NULL)))),
    CONSTRAINT task_ended_has_time CHECK ((((ended_at IS NULL) AND (state = ANY (ARRAY['planned'::text, 'given'::text, 'accepted'::text]))) OR ((ended_at IS NOT NULL) AND (state = ANY (ARRAY['done'::text, 'sent_back'::text, 'withdrawn'::text]))))),
    CONSTRAINT task_given_has_time CHECK (((state = ANY (ARRAY['planned'::text, 'withdrawn'::text])) OR (given_at IS NOT NULL))),
    CONSTRAINT task_state CHECK ((state = ANY (ARRAY['planned'::text, 'given'::text, 'accepted'::text, 'done'::text, 'sent_back'::text, 'withdrawn'::text])))
);
ALTER TABLE public.serve_task ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_task_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_template (
    id bigint NOT NULL,
    code character varying(50) NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    shortcut text NOT NULL,
    kind text NOT NULL,
    body text NOT NULL,
    body_en text NOT NULL,
    settles boolean NOT NULL,
    quality_point text NOT NULL,
    cause text NOT NULL,
    instruction text NOT NULL,
    opens_next boolean NOT NULL,
    published_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    at_fault_id bigint,
    department_id bigint,
    task_for_id bigint,
    CONSTRAINT serve_template_number_check CHECK ((number >= 0)),
    CONSTRAINT template_says_something CHECK ((NOT (body = ''::text)))
);
ALTER TABLE public.serve_template ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_template_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_term (
    id bigint NOT NULL,
    list text NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    retired_at timestamp with time zone
);
ALTER TABLE public.serve_term ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_term_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_transfer (
    id bigint NOT NULL,
    kind text NOT NULL,
    at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    by_id bigint,
    from_department_id bigint NOT NULL,
    task_id bigint NOT NULL,
    to_department_id bigint
);
ALTER TABLE public.serve_transfer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_transfer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_viewcount (
    id bigint NOT NULL,
    view text NOT NULL,
    looked_at timestamp with time zone NOT NULL,
    counted_at timestamp with time zone,
    number integer,
    person_id bigint NOT NULL,
    CONSTRAINT serve_viewcount_number_check CHECK ((number >= 0))
);
ALTER TABLE public.serve_viewcount ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_viewcount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.serve_watch (
    id bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    case_id bigint NOT NULL,
    person_id bigint NOT NULL
);
ALTER TABLE public.serve_watch ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.serve_watch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_attribute (
    id bigint NOT NULL,
    code character varying(40) NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    kind text NOT NULL,
    choices text[] NOT NULL,
    required boolean NOT NULL,
    personal boolean NOT NULL,
    asked_of text NOT NULL,
    place smallint NOT NULL,
    withdrawn_at timestamp with time zone,
    CONSTRAINT attribute_kind_known CHECK ((kind = ANY (ARRAY['text'::text, 'number'::text, 'date'::text, 'choice'::text, 'yes_no'::text]))),
    CONSTRAINT understand_attribute_place_check CHECK ((place >= 0))
);
ALTER TABLE public.understand_attribute ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_attribute_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_attributevalue (
    id bigint NOT NULL,
    text text,
    folded text,
    number numeric(20,4),
    day date,
    yes boolean,
    attribute_id bigint NOT NULL,
    customer_id bigint NOT NULL,
    CONSTRAINT attribute_value_is_one CHECK ((((day IS NULL) AND (number IS NULL) AND (text IS NOT NULL) AND (yes IS NULL)) OR ((day IS NULL) AND (number IS NOT NULL) AND (text IS NULL) AND (yes IS NULL)) OR ((day IS NOT NULL) AND (number IS NULL) AND (text IS NULL) AND (yes IS NULL)) OR ((day IS NULL) AND (number IS NULL) AND (text IS NULL) AND (yes IS NOT NULL))))
);
ALTER TABLE public.understand_attributevalue ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_attributevalue_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_consent (
    id bigint NOT NULL,
    purpose text NOT NULL,
    channel text NOT NULL,
    evidence text NOT NULL,
    given_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    customer_id bigint NOT NULL,
    given_by_id bigint,
    withdrawn_by_id bigint,
    wording_id bigint,
    CONSTRAINT consent_says_something CHECK (((given_at IS NOT NULL) OR (withdrawn_at IS NOT NULL))),
    CONSTRAINT consent_withdrawn_after CHECK (((given_at IS NULL) OR (withdrawn_at IS NULL) OR (withdrawn_at >= given_at)))
);
ALTER TABLE public.understand_consent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_consent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_consentwording (
    id bigint NOT NULL,
    purpose text NOT NULL,
    number smallint NOT NULL,
    text text NOT NULL,
    text_en text NOT NULL,
    published_at timestamp with time zone NOT NULL,
    published_by_id bigint,
    CONSTRAINT understand_consentwording_number_check CHECK ((number >= 0))
);
ALTER TABLE public.understand_consentwording ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_consentwording_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_contact (
    id bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    state text NOT NULL,
    planned_on date,
    planned_at timestamp with time zone,
    due_at timestamp with time zone,
    number integer,
    moved boolean NOT NULL,
    made_at timestamp with time zone,
    outcome text NOT NULL,
    notes text NOT NULL,
    next_step text NOT NULL,
    reason text NOT NULL,
    missed_at timestamp with time zone,
    level smallint NOT NULL,
    next_at timestamp with time zone,
    customer_id bigint NOT NULL,
    owner_id bigint NOT NULL,
    person_id bigint,
    raised_to_id bigint,
    plan_id bigint,
    CONSTRAINT contact_made_has_time CHECK (((NOT (state = 'made'::text)) OR (made_at IS NOT NULL))),
    CONSTRAINT contact_next_only_while_planned CHECK (((state = 'planned'::text) OR (next_at IS NULL))),
    CONSTRAINT contact_planned_has_a_day CHECK (((NOT (state = 'planned'::text)) OR ((due_at IS NOT NULL) AND (planned_on IS NOT NULL)))),
    CONSTRAINT contact_state_known CHECK ((state = ANY (ARRAY['planned'::text, 'made'::text, 'cancelled'::text]))),
    CONSTRAINT understand_contact_level_check CHECK ((level >= 0)),
    CONSTRAINT understand_contact_number_check CHECK ((number >= 0))
);
ALTER TABLE public.understand_contact ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_contact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_contactperson (
    id bigint NOT NULL,
    "position" text NOT NULL,
    roles text[] NOT NULL,
    motives text NOT NULL,
    since timestamp with time zone NOT NULL,
    left_at timestamp with time zone,
    company_id bigint NOT NULL,
    person_id bigint NOT NULL,
    CONSTRAINT contact_not_oneself CHECK ((NOT (company_id = person_id))),
    CONSTRAINT contact_roles_known CHECK ((roles <@ ARRAY['user'::text, 'influencer'::text, 'buyer'::text, 'decider'::text, 'gatekeeper'::text]))
);
ALTER TABLE public.understand_contactperson ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_contactperson_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_contactplan (
    id bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    every smallint NOT NULL,
    unit text NOT NULL,
    first_on date NOT NULL,
    until_on date,
    at time without time zone,
    made_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    version integer NOT NULL,
    customer_id bigint NOT NULL,
    made_by_id bigint,
    owner_id bigint NOT NULL,
    CONSTRAINT contact_plan_every CHECK (((every >= 1) AND ((every <= 60) OR ((every <= 999) AND (unit = 'days'::text))))),
    CONSTRAINT understand_contactplan_every_check CHECK ((every >= 0)),
    CONSTRAINT understand_contactplan_version_check CHECK ((version >= 0))
);
ALTER TABLE public.understand_contactplan ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_contactplan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_customer (
    id bigint NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    name_pinyin text NOT NULL,
    name_initials text NOT NULL,
    grade character varying(1),
    language text NOT NULL,
    organisation text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    market text NOT NULL,
    merged_into_id bigint,
    name_folded text NOT NULL,
    owner_id bigint,
    prefers text NOT NULL,
    version integer NOT NULL,
    works_at_id bigint,
    segment_id bigint,
    reach_from time without time zone,
    reach_to time without time zone,
    topics text NOT NULL,
    CONSTRAINT customer_kind_known CHECK ((kind = ANY (ARRAY['person'::text, 'company'::text]))),
    CONSTRAINT understand_customer_version_check CHECK ((version >= 0))
);
ALTER TABLE public.understand_customer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_customer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_customerworth (
    customer_id bigint NOT NULL,
    first_bought_at timestamp with time zone NOT NULL,
    last_bought_at timestamp with time zone NOT NULL,
    orders integer NOT NULL,
    returns integer NOT NULL,
    gross bigint NOT NULL,
    returned bigint NOT NULL,
    net bigint NOT NULL,
    recency_days integer NOT NULL,
    r smallint NOT NULL,
    f smallint NOT NULL,
    m smallint NOT NULL,
    alive double precision,
    expected_orders double precision,
    lifetime_value bigint,
    value_percentile double precision NOT NULL,
    grade character varying(1) NOT NULL,
    grade_before character varying(1),
    grade_since timestamp with time zone NOT NULL,
    graded_at timestamp with time zone NOT NULL,
    candidate character varying(1),
    candidate_periods smallint NOT NULL,
    reasons jsonb NOT NULL,
    grading_id bigint NOT NULL,
    CONSTRAINT understand_customerworth_candidate_periods_check CHECK ((candidate_periods >= 0)),
    CONSTRAINT understand_customerworth_f_check CHECK ((f >= 0)),
    CONSTRAINT understand_customerworth_m_check CHECK ((m >= 0)),
    CONSTRAINT understand_customerworth_orders_check CHECK ((orders >= 0)),
    CONSTRAINT understand_customerworth_r_check CHECK ((r >= 0)),
    CONSTRAINT understand_customerworth_recency_days_check CHECK ((recency_days >= 0)),
    CONSTRAINT understand_customerworth_returns_check CHECK ((returns >= 0))
);
CREATE TABLE public.understand_graderules (
    id bigint NOT NULL,
    number integer,
    method text NOT NULL,
    value text NOT NULL,
    weights jsonb NOT NULL,
    cuts jsonb NOT NULL,
    least_orders smallint NOT NULL,
    steady_periods smallint NOT NULL,
    period text NOT NULL,
    horizon_months smallint NOT NULL,
    margin_percent numeric(5,2) NOT NULL,
    discount_percent numeric(5,2) NOT NULL,
    written_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone,
    published_by_id bigint,
    written_by_id bigint,
    CONSTRAINT published_rules_have_a_number CHECK ((((number IS NULL) AND (published_at IS NULL)) OR ((number IS NOT NULL) AND (published_at IS NOT NULL)))),
    CONSTRAINT understand_graderules_horizon_months_check CHECK ((horizon_months >= 0)),
    CONSTRAINT understand_graderules_least_orders_check CHECK ((least_orders >= 0)),
    CONSTRAINT understand_graderules_number_check CHECK ((number >= 0)),
    CONSTRAINT understand_graderules_steady_periods_check CHECK ((steady_periods >= 0))
);
ALTER TABLE public.understand_graderules ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_graderules_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_grading (
    id bigint NOT NULL,
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    as_of timestamp with time zone NOT NULL,
    customers integer NOT NULL,
    changed integer NOT NULL,
    letters jsonb NOT NULL,
    cut_points jsonb NOT NULL,
    model jsonb NOT NULL,
    left_out jsonb NOT NULL,
    rules_id bigint,
    CONSTRAINT understand_grading_changed_check CHECK ((changed >= 0)),
    CONSTRAINT understand_grading_customers_check CHECK ((customers >= 0))
);
ALTER TABLE public.understand_grading ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_grading_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_identity (
    id bigint NOT NULL,
    kind text NOT NULL,
    raw text NOT NULL,
    normal text NOT NULL,
    last4 text,
    customer_id bigint NOT NULL,
    CONSTRAINT identity_kind_known CHECK ((kind = ANY (ARRAY['phone'::text, 'email'::text, 'wechat'::text, 'wecom'::text, 'order'::text, 'other'::text])))
);
ALTER TABLE public.understand_identity ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_identity_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_knowledge (
    id bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    title text NOT NULL,
    words text NOT NULL,
    version integer NOT NULL,
    source text NOT NULL,
    source_words text NOT NULL,
    evidence_kind text NOT NULL,
    evidence_id bigint,
    valid_until date,
    captured_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    reliability text NOT NULL,
    credibility smallint,
    worth smallint,
    judged_at timestamp with time zone,
    topic text NOT NULL,
    topic_folded text NOT NULL,
    review_on date,
    reviewed_at timestamp with time zone,
    ended_at timestamp with time zone,
    ended_why text NOT NULL,
    terms text[] NOT NULL,
    captured_by_id bigint NOT NULL,
    customer_id bigint,
    judged_by_id bigint,
    reviewed_by_id bigint,
    segment_id bigint,
    CONSTRAINT knowledge_about_something CHECK (((customer_id IS NOT NULL) OR (segment_id IS NOT NULL) OR (NOT (subject = ''::text)))),
    CONSTRAINT knowledge_ended_has_time CHECK ((((ended_at IS NOT NULL) AND (state = ANY (ARRAY['dropped'::text, 'ended'::text]))) OR ((ended_at IS NULL) AND (state = ANY (ARRAY['captured'::text, 'judged'::text, 'kept'::text]))))),
    CONSTRAINT knowledge_evidence_has_kind CHECK (((evidence_id IS NULL) OR (NOT (evidence_kind = ''::text)))),
    CONSTRAINT knowledge_judged_has_grades CHECK (((state = ANY (ARRAY['captured'::text, 'dropped'::text, 'ended'::text])) OR ((NOT (reliability = ''::text)) AND (credibility IS NOT NULL) AND (worth IS NOT NULL)))),
    CONSTRAINT knowledge_kept_has_review CHECK (((NOT (state = 'kept'::text)) OR ((NOT (topic = ''::text)) AND (review_on IS NOT NULL)))),
    CONSTRAINT understand_knowledge_credibility_check CHECK ((credibility >= 0)),
    CONSTRAINT understand_knowledge_version_check CHECK ((version >= 0)),
    CONSTRAINT understand_knowledge_worth_check CHECK ((worth >= 0))
);
ALTER TABLE public.understand_knowledge ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_knowledge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_knowledgereading (
    id bigint NOT NULL,
    read_at timestamp with time zone,
    is_over boolean NOT NULL,
    person_id bigint NOT NULL,
    share_id bigint NOT NULL
);
ALTER TABLE public.understand_knowledgereading ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_knowledgereading_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_knowledgeshare (
    id bigint NOT NULL,
    version integer NOT NULL,
    shared_at timestamp with time zone NOT NULL,
    read_until timestamp with time zone,
    over_at timestamp with time zone,
    all_saw_it boolean NOT NULL,
    department_id bigint NOT NULL,
    knowledge_id bigint NOT NULL,
    shared_by_id bigint NOT NULL,
    CONSTRAINT knowledge_share_seen_is_over CHECK (((NOT all_saw_it) OR (over_at IS NOT NULL))),
    CONSTRAINT understand_knowledgeshare_version_check CHECK ((version >= 0))
);
ALTER TABLE public.understand_knowledgeshare ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_knowledgeshare_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_knowledgeuse (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    version integer NOT NULL,
    for_what text NOT NULL,
    case_id bigint,
    by_id bigint NOT NULL,
    customer_id bigint,
    knowledge_id bigint NOT NULL,
    CONSTRAINT understand_knowledgeuse_version_check CHECK ((version >= 0))
);
ALTER TABLE public.understand_knowledgeuse ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_knowledgeuse_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_knowledgeversion (
    id bigint NOT NULL,
    number integer NOT NULL,
    title text NOT NULL,
    words text NOT NULL,
    valid_until date,
    grading text NOT NULL,
    replaced_at timestamp with time zone NOT NULL,
    knowledge_id bigint NOT NULL,
    replaced_by_id bigint NOT NULL,
    CONSTRAINT understand_knowledgeversion_number_check CHECK ((number >= 0))
);
ALTER TABLE public.understand_knowledgeversion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_knowledgeversion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_lifecycleperiod (
    id bigint NOT NULL,
    line text NOT NULL,
    length text NOT NULL,
    begins date NOT NULL,
    active integer NOT NULL,
    new integer NOT NULL,
    retained integer NOT NULL,
    reactivated integer NOT NULL,
    cumulative integer NOT NULL,
    net bigint NOT NULL,
    counted_at timestamp with time zone NOT NULL,
    CONSTRAINT lifecycle_length_known CHECK ((length = ANY (ARRAY['month'::text, 'quarter'::text]))),
    CONSTRAINT understand_lifecycleperiod_active_check CHECK ((active >= 0)),
    CONSTRAINT understand_lifecycleperiod_cumulative_check CHECK ((cumulative >= 0)),
    CONSTRAINT understand_lifecycleperiod_new_check CHECK ((new >= 0)),
    CONSTRAINT understand_lifecycleperiod_reactivated_check CHECK ((reactivated >= 0)),
    CONSTRAINT understand_lifecycleperiod_retained_check CHECK ((retained >= 0))
);
ALTER TABLE public.understand_lifecycleperiod ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_lifecycleperiod_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_membership (
    id bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone,
    why jsonb NOT NULL,
    customer_id bigint NOT NULL,
    segment_id bigint NOT NULL,
    CONSTRAINT membership_ends_after_it_begins CHECK (((until IS NULL) OR (until >= since)))
);
ALTER TABLE public.understand_membership ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_membership_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_merge (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    moved jsonb NOT NULL,
    filled jsonb NOT NULL,
    undone_at timestamp with time zone,
    by_id bigint NOT NULL,
    kept_id bigint NOT NULL,
    merged_id bigint NOT NULL,
    undone_by_id bigint,
    CONSTRAINT not_merged_with_itself CHECK ((NOT (kept_id = merged_id)))
);
ALTER TABLE public.understand_merge ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_merge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_need (
    id bigint NOT NULL,
    kind text NOT NULL,
    theme text NOT NULL,
    theme_folded text NOT NULL,
    words text NOT NULL,
    expected text NOT NULL,
    weight smallint NOT NULL,
    source text NOT NULL,
    evidence_kind text NOT NULL,
    evidence_id bigint,
    noted_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    ended_why text NOT NULL,
    customer_id bigint NOT NULL,
    noted_by_id bigint,
    said_by_id bigint,
    CONSTRAINT need_evidence_has_a_kind CHECK (((evidence_id IS NULL) OR (NOT (evidence_kind = ''::text)))),
    CONSTRAINT need_weight CHECK (((weight >= 1) AND (weight <= 5))),
    CONSTRAINT understand_need_weight_check CHECK ((weight >= 0))
);
ALTER TABLE public.understand_need ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_need_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_pair (
    id bigint NOT NULL,
    reasons text[] NOT NULL,
    weight smallint NOT NULL,
    found_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    decided_at timestamp with time zone,
    decided_by_id bigint,
    first_id bigint NOT NULL,
    second_id bigint NOT NULL,
    CONSTRAINT pair_in_order CHECK ((first_id < second_id)),
    CONSTRAINT understand_pair_weight_check CHECK ((weight >= 0))
);
ALTER TABLE public.understand_pair ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_pair_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_priceanswer (
    id bigint NOT NULL,
    key text NOT NULL,
    too_cheap bigint NOT NULL,
    cheap bigint NOT NULL,
    expensive bigint NOT NULL,
    too_expensive bigint NOT NULL,
    buys_cheap smallint,
    buys_expensive smallint,
    source text NOT NULL,
    answered_on date NOT NULL,
    noted_at timestamp with time zone NOT NULL,
    struck_at timestamp with time zone,
    struck_why text NOT NULL,
    customer_id bigint,
    noted_by_id bigint,
    struck_by_id bigint,
    study_id bigint NOT NULL,
    CONSTRAINT price_answer_likelihood CHECK ((((buys_cheap IS NULL) OR ((buys_cheap >= 1) AND (buys_cheap <= 5))) AND ((buys_expensive IS NULL) OR ((buys_expensive >= 1) AND (buys_expensive <= 5))))),
    CONSTRAINT price_answer_not_below_zero CHECK (((cheap >= 0) AND (expensive >= 0) AND (too_cheap >= 0) AND (too_expensive >= 0))),
    CONSTRAINT understand_priceanswer_buys_cheap_check CHECK ((buys_cheap >= 0)),
    CONSTRAINT understand_priceanswer_buys_expensive_check CHECK ((buys_expensive >= 0))
);
ALTER TABLE public.understand_priceanswer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_priceanswer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_priceobservation (
    id bigint NOT NULL,
    price bigint NOT NULL,
    quantity numeric(15,3) NOT NULL,
    seen_on date NOT NULL,
    place text NOT NULL,
    noted_at timestamp with time zone NOT NULL,
    noted_by_id bigint,
    study_id bigint NOT NULL,
    CONSTRAINT price_observation_sensible CHECK (((price > 0) AND (quantity >= (0)::numeric)))
);
ALTER TABLE public.understand_priceobservation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_priceobservation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_pricestudy (
    id bigint NOT NULL,
    code character varying(50) NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    product text NOT NULL,
    line text NOT NULL,
    currency character varying(3) NOT NULL,
    market text NOT NULL,
    begins_on date,
    ends_on date,
    wording jsonb NOT NULL,
    version integer NOT NULL,
    intervals jsonb,
    intervals_of integer NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    owner_id bigint NOT NULL,
    segment_id bigint,
    CONSTRAINT price_study_begins_before_it_ends CHECK (((ends_on IS NULL) OR (begins_on IS NULL) OR (ends_on >= begins_on))),
    CONSTRAINT understand_pricestudy_intervals_of_check CHECK ((intervals_of >= 0)),
    CONSTRAINT understand_pricestudy_version_check CHECK ((version >= 0))
);
ALTER TABLE public.understand_pricestudy ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_pricestudy_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_product (
    id bigint NOT NULL,
    code text NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    line text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    CONSTRAINT product_has_code CHECK ((NOT (key = ''::text)))
);
ALTER TABLE public.understand_product ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_product_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_purchase (
    id bigint NOT NULL,
    kind text NOT NULL,
    bought_at timestamp with time zone NOT NULL,
    quantity numeric(15,3) NOT NULL,
    amount bigint NOT NULL,
    currency character varying(3) NOT NULL,
    order_key text NOT NULL,
    line_key text NOT NULL,
    source text NOT NULL,
    landed_at timestamp with time zone NOT NULL,
    customer_id bigint,
    product_id bigint,
    takes_back_id bigint,
    CONSTRAINT purchase_kind_known CHECK ((kind = ANY (ARRAY['sale'::text, 'return'::text, 'cancellation'::text, 'correction'::text])))
);
CREATE SEQUENCE public.understand_purchase_batch
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER TABLE public.understand_purchase ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_purchase_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_rate (
    id bigint NOT NULL,
    currency character varying(3) NOT NULL,
    since date NOT NULL,
    rate numeric(20,8) NOT NULL,
    set_at timestamp with time zone NOT NULL,
    set_by_id bigint,
    CONSTRAINT rate_above_zero CHECK ((rate > (0)::numeric))
);
ALTER TABLE public.understand_rate ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_rate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_segment (
    id bigint NOT NULL,
    code character varying(50) NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    purpose text NOT NULL,
    priority integer NOT NULL,
    draft jsonb,
    draft_version integer NOT NULL,
    draft_at timestamp with time zone,
    published_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    trouble text NOT NULL,
    draft_by_id bigint,
    owner_id bigint NOT NULL,
    CONSTRAINT segment_withdrawn_after_published CHECK (((withdrawn_at IS NULL) OR (published_at IS NOT NULL))),
    CONSTRAINT understand_segment_draft_version_check CHECK ((draft_version >= 0)),
    CONSTRAINT understand_segment_priority_check CHECK ((priority >= 0))
);
ALTER TABLE public.understand_segment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_segment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_segmentcheck (
    customer_id bigint NOT NULL
);
CREATE TABLE public.understand_segmentday (
    id bigint NOT NULL,
    day date NOT NULL,
    members integer NOT NULL,
    net bigint NOT NULL,
    entered integer NOT NULL,
    "left" integer NOT NULL,
    counted_at timestamp with time zone NOT NULL,
    segment_id bigint NOT NULL,
    CONSTRAINT understand_segmentday_entered_check CHECK ((entered >= 0)),
    CONSTRAINT understand_segmentday_left_check CHECK (("left" >= 0)),
    CONSTRAINT understand_segmentday_members_check CHECK ((members >= 0))
);
ALTER TABLE public.understand_segmentday ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_segmentday_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_segmentround (
    id bigint NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    customers integer NOT NULL,
    entered integer NOT NULL,
    "left" integer NOT NULL,
    seconds double precision NOT NULL,
    CONSTRAINT understand_segmentround_customers_check CHECK ((customers >= 0)),
    CONSTRAINT understand_segmentround_entered_check CHECK ((entered >= 0)),
    CONSTRAINT understand_segmentround_left_check CHECK (("left" >= 0))
);
ALTER TABLE public.understand_segmentround ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_segmentround_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.understand_segmentversion (
    id bigint NOT NULL,
    number integer NOT NULL,
    rule jsonb NOT NULL,
    published_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    published_by_id bigint,
    segment_id bigint NOT NULL,
    CONSTRAINT understand_segmentversion_number_check CHECK ((number >= 0))
);
ALTER TABLE public.understand_segmentversion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.understand_segmentversion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE UNLOGGED TABLE public.understand_stagedpurchase (
    batch bigint NOT NULL,
    line bigint NOT NULL,
    customer_number text,
    customer_id bigint,
    product_code text,
    product_key text,
    product_name text,
    product_line text,
    kind text NOT NULL,
    bought_at timestamp with time zone NOT NULL,
    quantity numeric(15,3) NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    order_key text NOT NULL,
    line_key text,
    takes_back_order text,
    customer_name text,
    phone text,
    email text
);
INSERT INTO public.django_migrations VALUES (1, 'contenttypes', '0001_initial', '2026-11-28 22:02:46.70343+00');
INSERT INTO public.django_migrations VALUES (2, 'contenttypes', '0002_remove_content_type_name', '2026-11-28 22:02:46.714837+00');
INSERT INTO public.django_migrations VALUES (3, 'auth', '0001_initial', '2026-11-28 22:02:46.784738+00');
INSERT INTO public.django_migrations VALUES (4, 'auth', '0002_alter_permission_name_max_length', '2026-11-28 22:02:46.800706+00');
INSERT INTO public.django_migrations VALUES (5, 'auth', '0003_alter_user_email_max_length', '2026-11-28 22:02:46.813437+00');
INSERT INTO public.django_migrations VALUES (6, 'auth', '0004_alter_user_username_opts', '2026-11-28 22:02:46.823075+00');
INSERT INTO public.django_migrations VALUES (7, 'auth', '0005_alter_user_last_login_null', '2026-11-28 22:02:46.836647+00');
INSERT INTO public.django_migrations VALUES (8, 'auth', '0006_require_contenttypes_0002', '2026-11-28 22:02:46.838048+00');
INSERT INTO public.django_migrations VALUES (9, 'auth', '0007_alter_validators_add_error_messages', '2026-11-28 22:02:46.848919+00');
INSERT INTO public.django_migrations VALUES (10, 'auth', '0008_alter_user_username_max_length', '2026-11-28 22:02:46.863552+00');
INSERT INTO public.django_migrations VALUES (11, 'auth', '0009_alter_user_last_name_max_length', '2026-11-28 22:02:46.882133+00');
INSERT INTO public.django_migrations VALUES (12, 'auth', '0010_alter_group_name_max_length', '2026-11-28 22:02:46.8968+00');
INSERT INTO public.django_migrations VALUES (13, 'auth', '0011_update_proxy_permissions', '2026-11-28 22:02:46.909854+00');
INSERT INTO public.django_migrations VALUES (14, 'auth', '0012_alter_user_first_name_max_length', '2026-11-28 22:02:46.92551+00');
INSERT INTO public.django_migrations VALUES (15, 'organisation', '0001_initial', '2026-11-28 22:02:47.359426+00');
INSERT INTO public.django_migrations VALUES (16, 'ledger', '0001_ledger', '2026-11-28 22:02:47.426105+00');
INSERT INTO public.django_migrations VALUES (17, 'ledger', '0002_guards', '2026-11-28 22:02:47.430671+00');
INSERT INTO public.django_migrations VALUES (18, 'organisation', '0002_revisions', '2026-11-28 22:02:47.455447+00');
INSERT INTO public.django_migrations VALUES (19, 'channels', '0001_imports', '2026-11-28 22:02:47.551276+00');
INSERT INTO public.django_migrations VALUES (20, 'channels', '0002_workers_and_notices', '2026-11-28 22:02:47.63414+00');
INSERT INTO public.django_migrations VALUES (21, 'channels', '0003_api_and_webhooks', '2026-11-28 22:02:47.736896+00');
INSERT INTO public.django_migrations VALUES (22, 'channels', '0004_indexes', '2026-11-28 22:02:47.808792+00');
INSERT INTO public.django_migrations VALUES (23, 'channels', '0005_columns_chosen_on_a_page', '2026-11-28 22:02:47.983858+00');
INSERT INTO public.django_migrations VALUES (24, 'handbook', '0001_articles', '2026-11-28 22:02:49.059195+00');
INSERT INTO public.django_migrations VALUES (25, 'ledger', '0003_history_of_the_set_up', '2026-11-28 22:02:49.069638+00');
INSERT INTO public.django_migrations VALUES (26, 'ledger', '0004_when_a_link_was_sent', '2026-11-28 22:02:49.081593+00');
INSERT INTO public.django_migrations VALUES (27, 'ledger', '0005_stories_of_customers', '2026-11-28 22:02:49.092759+00');
INSERT INTO public.django_migrations VALUES (28, 'organisation', '0003_preferences', '2026-11-28 22:02:49.133982+00');
INSERT INTO public.django_migrations VALUES (29, 'organisation', '0004_closing_locking_inviting', '2026-11-28 22:02:49.306259+00');
INSERT INTO public.django_migrations VALUES (30, 'organisation', '0005_what_keys_may_do', '2026-11-28 22:02:49.347305+00');
INSERT INTO public.django_migrations VALUES (31, 'organisation', '0006_authority', '2026-11-28 22:02:50.306171+00');
INSERT INTO public.django_migrations VALUES (32, 'organisation', '0007_knowledge_steward', '2026-11-28 22:02:50.330354+00');
INSERT INTO public.django_migrations VALUES (33, 'understand', '0001_initial', '2026-11-28 22:02:50.353365+00');
INSERT INTO public.django_migrations VALUES (34, 'understand', '0002_indexes', '2026-11-28 22:02:50.378543+00');
INSERT INTO public.django_migrations VALUES (35, 'understand', '0003_records_and_merges', '2026-11-28 22:02:51.163227+00');
INSERT INTO public.django_migrations VALUES (36, 'understand', '0004_fold_names', '2026-11-28 22:02:51.224253+00');
INSERT INTO public.django_migrations VALUES (37, 'understand', '0005_segments', '2026-11-28 22:02:52.395019+00');
INSERT INTO public.django_migrations VALUES (38, 'understand', '0006_purchases_and_worth', '2026-11-28 22:02:53.187461+00');
INSERT INTO public.django_migrations VALUES (39, 'understand', '0007_segment_value_in_minor_units', '2026-11-28 22:02:53.200536+00');
INSERT INTO public.django_migrations VALUES (40, 'understand', '0008_staging_knows_customers', '2026-11-28 22:02:53.203906+00');
INSERT INTO public.django_migrations VALUES (41, 'understand', '0009_the_record_in_full', '2026-11-28 22:02:55.340092+00');
INSERT INTO public.django_migrations VALUES (42, 'understand', '0010_contacts_and_needs', '2026-11-28 22:02:59.64371+00');
INSERT INTO public.django_migrations VALUES (43, 'understand', '0011_lifecycle', '2026-11-28 22:02:59.668644+00');
INSERT INTO public.django_migrations VALUES (44, 'understand', '0012_knowledge', '2026-11-28 22:03:07.045487+00');
INSERT INTO public.django_migrations VALUES (45, 'understand', '0013_series_of_days', '2026-11-28 22:03:07.736445+00');
INSERT INTO public.django_migrations VALUES (46, 'promise', '0001_promise', '2026-11-28 22:03:12.990227+00');
INSERT INTO public.django_migrations VALUES (47, 'promise', '0002_revisions', '2026-11-28 22:03:13.005701+00');
INSERT INTO public.django_migrations VALUES (48, 'promise', '0003_indexes', '2026-11-28 22:03:16.069568+00');
INSERT INTO public.django_migrations VALUES (49, 'promise', '0004_unrouted', '2026-11-28 22:03:16.258172+00');
INSERT INTO public.django_migrations VALUES (50, 'promise', '0005_a_remedy_in_english', '2026-11-28 22:03:16.30222+00');
INSERT INTO public.django_migrations VALUES (51, 'promise', '0006_who_published', '2026-11-28 22:03:16.553275+00');
INSERT INTO public.django_migrations VALUES (52, 'promise', '0007_escalations_that_wait', '2026-11-28 22:03:18.594078+00');
INSERT INTO public.django_migrations VALUES (53, 'promise', '0008_promises_without_a_case', '2026-11-28 22:03:19.155689+00');
INSERT INTO public.django_migrations VALUES (54, 'promise', '0009_requests_for_authority', '2026-11-28 22:03:21.285292+00');
INSERT INTO public.django_migrations VALUES (55, 'promise', '0010_packages', '2026-11-28 22:03:22.264045+00');
INSERT INTO public.django_migrations VALUES (56, 'promise', '0011_blueprints', '2026-11-28 22:03:25.183717+00');
INSERT INTO public.django_migrations VALUES (57, 'promise', '0012_proposals', '2026-11-28 22:03:30.293481+00');
INSERT INTO public.django_migrations VALUES (58, 'promise', '0013_strategies', '2026-11-28 22:03:33.730615+00');
INSERT INTO public.django_migrations VALUES (59, 'promise', '0014_broken_moments', '2026-11-28 22:03:34.003551+00');
INSERT INTO public.django_migrations VALUES (60, 'promise', '0015_reading', '2026-11-28 22:03:34.668388+00');
INSERT INTO public.django_migrations VALUES (61, 'promise', '0016_communication_plans', '2026-11-28 22:03:40.629+00');
INSERT INTO public.django_migrations VALUES (62, 'promise', '0017_names_in_the_ledger', '2026-11-28 22:03:40.646292+00');
INSERT INTO public.django_migrations VALUES (63, 'serve', '0001_serve', '2026-11-28 22:03:58.600011+00');
INSERT INTO public.django_migrations VALUES (64, 'serve', '0002_numbers_and_counters', '2026-11-28 22:03:58.68162+00');
INSERT INTO public.django_migrations VALUES (65, 'serve', '0003_indexes', '2026-11-28 22:04:09.752933+00');
INSERT INTO public.django_migrations VALUES (66, 'serve', '0004_level_without_index', '2026-11-28 22:04:10.177277+00');
INSERT INTO public.django_migrations VALUES (67, 'serve', '0005_opinion_points_and_rule_drafts', '2026-11-28 22:04:13.267529+00');
INSERT INTO public.django_migrations VALUES (68, 'serve', '0006_attachments', '2026-11-28 22:04:13.773721+00');
INSERT INTO public.django_migrations VALUES (69, 'serve', '0007_templates_drafts_and_held_replies', '2026-11-28 22:04:19.369639+00');
INSERT INTO public.django_migrations VALUES (70, 'serve', '0008_what_waits_is_counted', '2026-11-28 22:04:19.784947+00');
INSERT INTO public.django_migrations VALUES (71, 'serve', '0009_saved_views_and_bulk_changes', '2026-11-28 22:04:26.959165+00');
INSERT INTO public.django_migrations VALUES (72, 'serve', '0010_intake_templates', '2026-11-28 22:04:28.520157+00');
INSERT INTO public.django_migrations VALUES (73, 'serve', '0011_unrouted_is_counted', '2026-11-28 22:04:28.893186+00');
INSERT INTO public.django_migrations VALUES (74, 'serve', '0012_waiting_cases_by_deadline', '2026-11-28 22:04:30.026771+00');
INSERT INTO public.django_migrations VALUES (75, 'serve', '0013_files_in_the_composer', '2026-11-28 22:04:30.470419+00');
INSERT INTO public.django_migrations VALUES (76, 'serve', '0014_open_cases_by_what_is_rare', '2026-11-28 22:04:32.21808+00');
INSERT INTO public.django_migrations VALUES (77, 'serve', '0015_newest_open_tasks', '2026-11-28 22:04:33.472983+00');
INSERT INTO public.django_migrations VALUES (78, 'serve', '0016_goodwill', '2026-11-28 22:04:34.068055+00');
INSERT INTO public.django_migrations VALUES (79, 'serve', '0017_snoozed_cases', '2026-11-28 22:04:34.542594+00');
INSERT INTO public.django_migrations VALUES (80, 'serve', '0018_more_for_many', '2026-11-28 22:04:35.279736+00');
INSERT INTO public.django_migrations VALUES (81, 'serve', '0019_packages_and_trials', '2026-11-28 22:04:40.592411+00');
INSERT INTO public.django_migrations VALUES (82, 'serve', '0020_emergencies', '2026-11-28 22:04:42.108777+00');
INSERT INTO public.django_migrations VALUES (83, 'serve', '0021_trials_of_any_measure', '2026-11-28 22:04:42.517907+00');
INSERT INTO public.django_migrations VALUES (84, 'serve', '0022_first_contact', '2026-11-28 22:04:43.910299+00');
INSERT INTO public.django_migrations VALUES (85, 'serve', '0023_forms_of_requests', '2026-11-28 22:04:49.224165+00');
INSERT INTO public.django_migrations VALUES (86, 'sessions', '0001_initial', '2026-11-28 22:04:49.273451+00');
INSERT INTO public.django_migrations VALUES (87, 'understand', '0014_price_research', '2026-11-28 22:05:00.590625+00');
INSERT INTO public.django_migrations VALUES (88, 'understand', '0015_names_in_the_ledger', '2026-11-28 22:05:00.625414+00');
INSERT INTO public.django_migrations VALUES (89, 'understand', '0016_names_of_studies', '2026-11-28 22:05:00.640506+00');
INSERT INTO public.organisation_revision VALUES ('organisation', 1);
INSERT INTO public.organisation_revision VALUES ('calendars', 6);
INSERT INTO public.organisation_revision VALUES ('authority', 11);
INSERT INTO public.organisation_revision VALUES ('standards', 13);
INSERT INTO public.organisation_revision VALUES ('names', 18);
INSERT INTO public.organisation_revision VALUES ('serving', 19);
INSERT INTO public.organisation_revision VALUES ('forms', 25);
SELECT pg_catalog.setval('public.auth_group_id_seq', 1, false);
SELECT pg_catalog.setval('public.auth_group_permissions_id_seq', 1, false);
SELECT pg_catalog.setval('public.channels_delivery_id_seq', 1, false);
SELECT pg_catalog.setval('public.channels_heartbeat_id_seq', 1, false);
SELECT pg_catalog.setval('public.channels_idempotencyrecord_id_seq', 1, false);
SELECT pg_catalog.setval('public.channels_import_id_seq', 1, false);
SELECT pg_catalog.setval('public.channels_importedline_id_seq', 1, false);
SELECT pg_catalog.setval('public.channels_notice_id_seq', 1, false);
SELECT pg_catalog.setval('public.channels_subscription_id_seq', 1, false);
SELECT pg_catalog.setval('public.django_migrations_id_seq', 89, true);
SELECT pg_catalog.setval('public.handbook_article_id_seq', 1, false);
SELECT pg_catalog.setval('public.handbook_articlecase_id_seq', 1, false);
SELECT pg_catalog.setval('public.handbook_articleversion_id_seq', 1, false);
SELECT pg_catalog.setval('public.handbook_articlevote_id_seq', 1, false);
SELECT pg_catalog.setval('public.handbook_question_id_seq', 1, false);
SELECT pg_catalog.setval('public.ledger_entry_id_seq', 1, false);
SELECT pg_catalog.setval('public.ledger_outgoing_id_seq', 1, false);
SELECT pg_catalog.setval('public.organisation_absence_id_seq', 1, false);
SELECT pg_catalog.setval('public.organisation_apikey_id_seq', 1, false);
SELECT pg_catalog.setval('public.organisation_calendar_id_seq', 1, false);
SELECT pg_catalog.setval('public.organisation_calendarshift_id_seq', 1, false);
SELECT pg_catalog.setval('public.organisation_department_id_seq', 1, false);
SELECT pg_catalog.setval('public.organisation_grant_id_seq', 1, false);
SELECT pg_catalog.setval('public.organisation_holidayday_id_seq', 1, false);
SELECT pg_catalog.setval('public.organisation_holidaylist_id_seq', 1, false);
SELECT pg_catalog.setval('public.organisation_holidayyear_id_seq', 1, false);
SELECT pg_catalog.setval('public.organisation_lending_id_seq', 1, false);
SELECT pg_catalog.setval('public.organisation_matrix_id_seq', 1, false);
SELECT pg_catalog.setval('public.organisation_person_id_seq', 1, false);
SELECT pg_catalog.setval('public.organisation_position_id_seq', 1, false);
SELECT pg_catalog.setval('public.organisation_post_id_seq', 1, false);
SELECT pg_catalog.setval('public.organisation_revision_number', 28, true);
SELECT pg_catalog.setval('public.organisation_signinlink_id_seq', 1, false);
SELECT pg_catalog.setval('public.organisation_use_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_authorityrequest_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_authorityword_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_blueprint_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_blueprintversion_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_clock_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_communicationentry_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_communicationplan_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_communicationversion_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_escalation_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_extension_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_messagereply_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_package_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_packageversion_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_packageversion_standards_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_pause_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_planmessage_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_proposal_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_standard_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_standardversion_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_statement_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_statement_proposals_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_strategycycle_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_strategyevidence_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_strategystep_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_strategytask_id_seq', 1, false);
SELECT pg_catalog.setval('public.promise_visitrhythm_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_bulkchange_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_bulkitem_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_case_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_case_number', 1, false);
SELECT pg_catalog.setval('public.serve_caseform_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_caseformversion_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_caselink_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_closing_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_counter_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_draft_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_emergency_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_filledform_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_followup_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_goodwill_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_heldreply_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_intakestep_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_intaketemplate_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_message_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_opinionpoint_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_presence_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_reopening_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_routing_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_routingrule_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_routingstep_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_savedview_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_simulatedpromise_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_simulation_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_snooze_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_task_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_template_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_term_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_transfer_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_viewcount_id_seq', 1, false);
SELECT pg_catalog.setval('public.serve_watch_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_attribute_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_attributevalue_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_consent_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_consentwording_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_contact_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_contactperson_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_contactplan_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_customer_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_graderules_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_grading_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_identity_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_knowledge_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_knowledgereading_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_knowledgeshare_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_knowledgeuse_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_knowledgeversion_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_lifecycleperiod_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_membership_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_merge_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_need_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_pair_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_priceanswer_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_priceobservation_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_pricestudy_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_product_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_purchase_batch', 1, false);
SELECT pg_catalog.setval('public.understand_purchase_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_rate_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_segment_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_segmentday_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_segmentround_id_seq', 1, false);
SELECT pg_catalog.setval('public.understand_segmentversion_id_seq', 1, false);
ALTER TABLE ONLY public.handbook_articlecase
    ADD CONSTRAINT article_case_once UNIQUE (article_id, how, case_id);
ALTER TABLE ONLY public.handbook_articleversion
    ADD CONSTRAINT article_version_once UNIQUE (article_id, number);
ALTER TABLE ONLY public.understand_attributevalue
    ADD CONSTRAINT attribute_value_once UNIQUE (customer_id, attribute_id);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisation_calendarshift
    ADD CONSTRAINT calendar_shift_once UNIQUE (calendar_id, weekday, opens);
ALTER TABLE ONLY public.channels_delivery
    ADD CONSTRAINT channels_delivery_outgoing_id_key UNIQUE (outgoing_id);
ALTER TABLE ONLY public.channels_delivery
    ADD CONSTRAINT channels_delivery_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.channels_heartbeat
    ADD CONSTRAINT channels_heartbeat_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.channels_idempotencyrecord
    ADD CONSTRAINT channels_idempotencyrecord_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.channels_import
    ADD CONSTRAINT channels_import_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.channels_importedline
    ADD CONSTRAINT channels_importedline_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.channels_notice
    ADD CONSTRAINT channels_notice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.channels_subscription
    ADD CONSTRAINT channels_subscription_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.channels_told
    ADD CONSTRAINT channels_told_pkey PRIMARY KEY (person_id);
ALTER TABLE ONLY public.understand_consentwording
    ADD CONSTRAINT consent_wording_number UNIQUE (purpose, number);
ALTER TABLE ONLY public.understand_contact
    ADD CONSTRAINT contact_once_in_its_series UNIQUE (plan_id, number);
ALTER TABLE ONLY public.understand_contactperson
    ADD CONSTRAINT contact_person_once UNIQUE (company_id, person_id);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);
ALTER TABLE ONLY public.handbook_article
    ADD CONSTRAINT handbook_article_code_key UNIQUE (code);
ALTER TABLE ONLY public.handbook_article
    ADD CONSTRAINT handbook_article_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.handbook_articlecase
    ADD CONSTRAINT handbook_articlecase_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.handbook_articlefile
    ADD CONSTRAINT handbook_articlefile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.handbook_articleversion
    ADD CONSTRAINT handbook_articleversion_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.handbook_articlevote
    ADD CONSTRAINT handbook_articlevote_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.handbook_question
    ADD CONSTRAINT handbook_question_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisation_holidayday
    ADD CONSTRAINT holiday_day_once UNIQUE (year_id, "on");
ALTER TABLE ONLY public.organisation_holidayyear
    ADD CONSTRAINT holiday_year_once UNIQUE (list_id, year);
ALTER TABLE ONLY public.understand_identity
    ADD CONSTRAINT identity_once UNIQUE (customer_id, kind, normal);
ALTER TABLE ONLY public.understand_knowledgereading
    ADD CONSTRAINT knowledge_reading_once UNIQUE (share_id, person_id);
ALTER TABLE ONLY public.understand_knowledgeshare
    ADD CONSTRAINT knowledge_shared_once UNIQUE (knowledge_id, department_id, version);
ALTER TABLE ONLY public.understand_knowledgeversion
    ADD CONSTRAINT knowledge_version_once UNIQUE (knowledge_id, number);
ALTER TABLE ONLY public.ledger_entry
    ADD CONSTRAINT ledger_entry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.ledger_entry
    ADD CONSTRAINT ledger_entry_position_key UNIQUE ("position");
ALTER TABLE ONLY public.ledger_outgoing
    ADD CONSTRAINT ledger_outgoing_key_key UNIQUE (key);
ALTER TABLE ONLY public.ledger_outgoing
    ADD CONSTRAINT ledger_outgoing_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.ledger_private
    ADD CONSTRAINT ledger_private_pkey PRIMARY KEY (entry_id);
ALTER TABLE ONLY public.ledger_virtualclock
    ADD CONSTRAINT ledger_virtualclock_pkey PRIMARY KEY (only_one);
ALTER TABLE ONLY public.understand_lifecycleperiod
    ADD CONSTRAINT lifecycle_period_once UNIQUE (line, length, begins);
ALTER TABLE ONLY public.channels_idempotencyrecord
    ADD CONSTRAINT one_answer_a_key UNIQUE (caller, key);
ALTER TABLE ONLY public.promise_blueprintversion
    ADD CONSTRAINT one_blueprint_version_a_number UNIQUE (blueprint_id, number);
ALTER TABLE ONLY public.serve_case
    ADD CONSTRAINT one_case_a_number UNIQUE (number);
ALTER TABLE ONLY public.promise_clock
    ADD CONSTRAINT one_clock_a_promise UNIQUE (about_kind, about_id, measure, generation);
ALTER TABLE ONLY public.serve_closing
    ADD CONSTRAINT one_closing_a_generation UNIQUE (case_id, generation);
ALTER TABLE ONLY public.promise_communicationentry
    ADD CONSTRAINT one_communication_entry_a_code UNIQUE (version_id, code);
ALTER TABLE ONLY public.promise_communicationversion
    ADD CONSTRAINT one_communication_version_a_number UNIQUE (plan_id, number);
ALTER TABLE ONLY public.serve_viewcount
    ADD CONSTRAINT one_count_a_view_and_person UNIQUE (person_id, view);
ALTER TABLE ONLY public.serve_counter
    ADD CONSTRAINT one_counter_a_slot UNIQUE (what, of, slot);
ALTER TABLE ONLY public.promise_strategycycle
    ADD CONSTRAINT one_cycle_a_number UNIQUE (segment_id, number);
ALTER TABLE ONLY public.serve_draft
    ADD CONSTRAINT one_draft_a_tab UNIQUE (person_id, case_id, tab);
ALTER TABLE ONLY public.promise_escalation
    ADD CONSTRAINT one_escalation_a_step UNIQUE (clock_id, level, round);
ALTER TABLE ONLY public.serve_filledform
    ADD CONSTRAINT one_filled_form_a_number UNIQUE (case_id, number);
ALTER TABLE ONLY public.serve_followup
    ADD CONSTRAINT one_follow_up_a_generation UNIQUE (case_id, generation);
ALTER TABLE ONLY public.serve_caseformversion
    ADD CONSTRAINT one_form_version_a_number UNIQUE (form_id, number);
ALTER TABLE ONLY public.channels_heartbeat
    ADD CONSTRAINT one_heartbeat_a_loop UNIQUE (name, kind);
ALTER TABLE ONLY public.serve_bulkitem
    ADD CONSTRAINT one_item_a_thing UNIQUE (change_id, about_kind, about_id);
ALTER TABLE ONLY public.serve_caselink
    ADD CONSTRAINT one_link_of_a_kind UNIQUE (case_id, other_id, kind);
ALTER TABLE ONLY public.promise_packageversion
    ADD CONSTRAINT one_package_version_a_number UNIQUE (package_id, number);
ALTER TABLE ONLY public.serve_presence
    ADD CONSTRAINT one_presence_a_person UNIQUE (case_id, person_id);
ALTER TABLE ONLY public.understand_rate
    ADD CONSTRAINT one_rate_a_day UNIQUE (currency, since);
ALTER TABLE ONLY public.channels_importedline
    ADD CONSTRAINT one_remark_a_line UNIQUE (run_id, line);
ALTER TABLE ONLY public.serve_reopening
    ADD CONSTRAINT one_reopening_a_generation UNIQUE (case_id, generation);
ALTER TABLE ONLY public.serve_routingrule
    ADD CONSTRAINT one_rule_a_number UNIQUE (code, number);
ALTER TABLE ONLY public.promise_statement
    ADD CONSTRAINT one_statement_a_month UNIQUE (department_id, month);
ALTER TABLE ONLY public.serve_intakestep
    ADD CONSTRAINT one_step_a_department UNIQUE (template_id, department_id);
ALTER TABLE ONLY public.promise_strategystep
    ADD CONSTRAINT one_step_of_a_kind UNIQUE (cycle_id, kind);
ALTER TABLE ONLY public.serve_template
    ADD CONSTRAINT one_template_a_number UNIQUE (code, number);
ALTER TABLE ONLY public.serve_term
    ADD CONSTRAINT one_term_a_code UNIQUE (list, code);
ALTER TABLE ONLY public.promise_standardversion
    ADD CONSTRAINT one_version_a_number UNIQUE (standard_id, number);
ALTER TABLE ONLY public.serve_watch
    ADD CONSTRAINT one_watch_a_person UNIQUE (case_id, person_id);
ALTER TABLE ONLY public.organisation_absence
    ADD CONSTRAINT organisation_absence_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisation_apikey
    ADD CONSTRAINT organisation_apikey_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisation_apikey
    ADD CONSTRAINT organisation_apikey_prefix_key UNIQUE (prefix);
ALTER TABLE ONLY public.organisation_calendar
    ADD CONSTRAINT organisation_calendar_code_key UNIQUE (code);
ALTER TABLE ONLY public.organisation_calendar
    ADD CONSTRAINT organisation_calendar_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisation_calendarshift
    ADD CONSTRAINT organisation_calendarshift_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisation_department
    ADD CONSTRAINT organisation_department_code_key UNIQUE (code);
ALTER TABLE ONLY public.organisation_department
    ADD CONSTRAINT organisation_department_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisation_grant
    ADD CONSTRAINT organisation_grant_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisation_holidayday
    ADD CONSTRAINT organisation_holidayday_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisation_holidaylist
    ADD CONSTRAINT organisation_holidaylist_code_key UNIQUE (code);
ALTER TABLE ONLY public.organisation_holidaylist
    ADD CONSTRAINT organisation_holidaylist_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisation_holidayyear
    ADD CONSTRAINT organisation_holidayyear_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisation_lending
    ADD CONSTRAINT organisation_lending_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisation_matrix
    ADD CONSTRAINT organisation_matrix_number_key UNIQUE (number);
ALTER TABLE ONLY public.organisation_matrix
    ADD CONSTRAINT organisation_matrix_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisation_person
    ADD CONSTRAINT organisation_person_login_key UNIQUE (login);
ALTER TABLE ONLY public.organisation_person
    ADD CONSTRAINT organisation_person_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisation_position
    ADD CONSTRAINT organisation_position_code_key UNIQUE (code);
ALTER TABLE ONLY public.organisation_position
    ADD CONSTRAINT organisation_position_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisation_post
    ADD CONSTRAINT organisation_post_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisation_revision
    ADD CONSTRAINT organisation_revision_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.organisation_signinlink
    ADD CONSTRAINT organisation_signinlink_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organisation_signinlink
    ADD CONSTRAINT organisation_signinlink_token_hash_key UNIQUE (token_hash);
ALTER TABLE ONLY public.organisation_use
    ADD CONSTRAINT organisation_use_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_pair
    ADD CONSTRAINT pair_once UNIQUE (first_id, second_id);
ALTER TABLE ONLY public.organisation_post
    ADD CONSTRAINT post_once UNIQUE (person_id, position_id, since);
ALTER TABLE ONLY public.understand_priceobservation
    ADD CONSTRAINT price_observation_once UNIQUE (study_id, seen_on, place);
ALTER TABLE ONLY public.promise_authorityrequest
    ADD CONSTRAINT promise_authorityrequest_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_authorityword
    ADD CONSTRAINT promise_authorityword_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_blueprint
    ADD CONSTRAINT promise_blueprint_code_key UNIQUE (code);
ALTER TABLE ONLY public.promise_blueprint
    ADD CONSTRAINT promise_blueprint_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_blueprintversion
    ADD CONSTRAINT promise_blueprintversion_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_clock
    ADD CONSTRAINT promise_clock_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_communicationentry
    ADD CONSTRAINT promise_communicationentry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_communicationplan
    ADD CONSTRAINT promise_communicationplan_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_communicationplan
    ADD CONSTRAINT promise_communicationplan_segment_id_key UNIQUE (segment_id);
ALTER TABLE ONLY public.promise_communicationversion
    ADD CONSTRAINT promise_communicationversion_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_escalation
    ADD CONSTRAINT promise_escalation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_extension
    ADD CONSTRAINT promise_extension_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_messagereply
    ADD CONSTRAINT promise_messagereply_contact_id_key UNIQUE (contact_id);
ALTER TABLE ONLY public.promise_messagereply
    ADD CONSTRAINT promise_messagereply_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_package
    ADD CONSTRAINT promise_package_code_key UNIQUE (code);
ALTER TABLE ONLY public.promise_package
    ADD CONSTRAINT promise_package_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_packageversion
    ADD CONSTRAINT promise_packageversion_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_packageversion_standards
    ADD CONSTRAINT promise_packageversion_s_packageversion_id_standa_e2818883_uniq UNIQUE (packageversion_id, standard_id);
ALTER TABLE ONLY public.promise_packageversion_standards
    ADD CONSTRAINT promise_packageversion_standards_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_pause
    ADD CONSTRAINT promise_pause_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_planmessage
    ADD CONSTRAINT promise_planmessage_contact_id_key UNIQUE (contact_id);
ALTER TABLE ONLY public.promise_planmessage
    ADD CONSTRAINT promise_planmessage_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_proposal
    ADD CONSTRAINT promise_proposal_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_standard
    ADD CONSTRAINT promise_standard_code_key UNIQUE (code);
ALTER TABLE ONLY public.promise_standard
    ADD CONSTRAINT promise_standard_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_standardversion
    ADD CONSTRAINT promise_standardversion_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_statement
    ADD CONSTRAINT promise_statement_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_statement_proposals
    ADD CONSTRAINT promise_statement_propos_statement_id_proposal_id_a0dea31e_uniq UNIQUE (statement_id, proposal_id);
ALTER TABLE ONLY public.promise_statement_proposals
    ADD CONSTRAINT promise_statement_proposals_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_strategycycle
    ADD CONSTRAINT promise_strategycycle_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_strategyevidence
    ADD CONSTRAINT promise_strategyevidence_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_strategystep
    ADD CONSTRAINT promise_strategystep_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_strategytask
    ADD CONSTRAINT promise_strategytask_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_visitrhythm
    ADD CONSTRAINT promise_visitrhythm_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_visitrhythm
    ADD CONSTRAINT promise_visitrhythm_series_id_key UNIQUE (series_id);
ALTER TABLE ONLY public.understand_purchase
    ADD CONSTRAINT purchase_lands_once UNIQUE (source, line_key);
ALTER TABLE ONLY public.handbook_question
    ADD CONSTRAINT question_once UNIQUE (words, place);
ALTER TABLE ONLY public.understand_segmentday
    ADD CONSTRAINT segment_day_once UNIQUE (segment_id, day);
ALTER TABLE ONLY public.understand_segment
    ADD CONSTRAINT segment_one_a_place UNIQUE (priority) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_segmentversion
    ADD CONSTRAINT segment_version_once UNIQUE (segment_id, number);
ALTER TABLE ONLY public.serve_attachment
    ADD CONSTRAINT serve_attachment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_bulkchange
    ADD CONSTRAINT serve_bulkchange_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_bulkitem
    ADD CONSTRAINT serve_bulkitem_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_case
    ADD CONSTRAINT serve_case_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_caseform
    ADD CONSTRAINT serve_caseform_code_key UNIQUE (code);
ALTER TABLE ONLY public.serve_caseform
    ADD CONSTRAINT serve_caseform_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_caseformversion
    ADD CONSTRAINT serve_caseformversion_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_caselink
    ADD CONSTRAINT serve_caselink_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_closing
    ADD CONSTRAINT serve_closing_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_counter
    ADD CONSTRAINT serve_counter_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_draft
    ADD CONSTRAINT serve_draft_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_draftfile
    ADD CONSTRAINT serve_draftfile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_emergency
    ADD CONSTRAINT serve_emergency_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_emergency
    ADD CONSTRAINT serve_emergency_request_id_key UNIQUE (request_id);
ALTER TABLE ONLY public.serve_emergency
    ADD CONSTRAINT serve_emergency_use_id_key UNIQUE (use_id);
ALTER TABLE ONLY public.serve_filledform
    ADD CONSTRAINT serve_filledform_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_firstcontact
    ADD CONSTRAINT serve_firstcontact_pkey PRIMARY KEY (case_id);
ALTER TABLE ONLY public.serve_followup
    ADD CONSTRAINT serve_followup_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_goodwill
    ADD CONSTRAINT serve_goodwill_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_goodwill
    ADD CONSTRAINT serve_goodwill_request_id_key UNIQUE (request_id);
ALTER TABLE ONLY public.serve_goodwill
    ADD CONSTRAINT serve_goodwill_use_id_key UNIQUE (use_id);
ALTER TABLE ONLY public.serve_heldreply
    ADD CONSTRAINT serve_heldreply_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_intakestep
    ADD CONSTRAINT serve_intakestep_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_intaketemplate
    ADD CONSTRAINT serve_intaketemplate_code_key UNIQUE (code);
ALTER TABLE ONLY public.serve_intaketemplate
    ADD CONSTRAINT serve_intaketemplate_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_message
    ADD CONSTRAINT serve_message_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_opinionpoint
    ADD CONSTRAINT serve_opinionpoint_code_key UNIQUE (code);
ALTER TABLE ONLY public.serve_opinionpoint
    ADD CONSTRAINT serve_opinionpoint_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_policy
    ADD CONSTRAINT serve_policy_pkey PRIMARY KEY (only_one);
ALTER TABLE ONLY public.serve_presence
    ADD CONSTRAINT serve_presence_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_reopening
    ADD CONSTRAINT serve_reopening_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_routing
    ADD CONSTRAINT serve_routing_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_routingrule
    ADD CONSTRAINT serve_routingrule_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_routingstep
    ADD CONSTRAINT serve_routingstep_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_ruledraft
    ADD CONSTRAINT serve_ruledraft_pkey PRIMARY KEY (only_one);
ALTER TABLE ONLY public.serve_savedview
    ADD CONSTRAINT serve_savedview_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_simulatedpromise
    ADD CONSTRAINT serve_simulatedpromise_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_simulation
    ADD CONSTRAINT serve_simulation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_snooze
    ADD CONSTRAINT serve_snooze_case_id_key UNIQUE (case_id);
ALTER TABLE ONLY public.serve_snooze
    ADD CONSTRAINT serve_snooze_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_task
    ADD CONSTRAINT serve_task_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_template
    ADD CONSTRAINT serve_template_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_term
    ADD CONSTRAINT serve_term_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_transfer
    ADD CONSTRAINT serve_transfer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_viewcount
    ADD CONSTRAINT serve_viewcount_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.serve_watch
    ADD CONSTRAINT serve_watch_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promise_planmessage
    ADD CONSTRAINT told_once_of_an_event UNIQUE (customer_id, event, way);
ALTER TABLE ONLY public.understand_attribute
    ADD CONSTRAINT understand_attribute_code_key UNIQUE (code);
ALTER TABLE ONLY public.understand_attribute
    ADD CONSTRAINT understand_attribute_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_attributevalue
    ADD CONSTRAINT understand_attributevalue_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_consent
    ADD CONSTRAINT understand_consent_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_consentwording
    ADD CONSTRAINT understand_consentwording_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_contact
    ADD CONSTRAINT understand_contact_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_contactperson
    ADD CONSTRAINT understand_contactperson_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_contactplan
    ADD CONSTRAINT understand_contactplan_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_customer
    ADD CONSTRAINT understand_customer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_customerworth
    ADD CONSTRAINT understand_customerworth_pkey PRIMARY KEY (customer_id);
ALTER TABLE ONLY public.understand_graderules
    ADD CONSTRAINT understand_graderules_number_key UNIQUE (number);
ALTER TABLE ONLY public.understand_graderules
    ADD CONSTRAINT understand_graderules_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_grading
    ADD CONSTRAINT understand_grading_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_identity
    ADD CONSTRAINT understand_identity_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_knowledge
    ADD CONSTRAINT understand_knowledge_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_knowledgereading
    ADD CONSTRAINT understand_knowledgereading_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_knowledgeshare
    ADD CONSTRAINT understand_knowledgeshare_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_knowledgeuse
    ADD CONSTRAINT understand_knowledgeuse_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_knowledgeversion
    ADD CONSTRAINT understand_knowledgeversion_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_lifecycleperiod
    ADD CONSTRAINT understand_lifecycleperiod_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_membership
    ADD CONSTRAINT understand_membership_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_merge
    ADD CONSTRAINT understand_merge_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_need
    ADD CONSTRAINT understand_need_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_pair
    ADD CONSTRAINT understand_pair_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_priceanswer
    ADD CONSTRAINT understand_priceanswer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_priceobservation
    ADD CONSTRAINT understand_priceobservation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_pricestudy
    ADD CONSTRAINT understand_pricestudy_code_key UNIQUE (code);
ALTER TABLE ONLY public.understand_pricestudy
    ADD CONSTRAINT understand_pricestudy_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_product
    ADD CONSTRAINT understand_product_key_key UNIQUE (key);
ALTER TABLE ONLY public.understand_product
    ADD CONSTRAINT understand_product_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_purchase
    ADD CONSTRAINT understand_purchase_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_rate
    ADD CONSTRAINT understand_rate_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_segment
    ADD CONSTRAINT understand_segment_code_key UNIQUE (code);
ALTER TABLE ONLY public.understand_segment
    ADD CONSTRAINT understand_segment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_segmentcheck
    ADD CONSTRAINT understand_segmentcheck_pkey PRIMARY KEY (customer_id);
ALTER TABLE ONLY public.understand_segmentday
    ADD CONSTRAINT understand_segmentday_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_segmentround
    ADD CONSTRAINT understand_segmentround_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.understand_segmentversion
    ADD CONSTRAINT understand_segmentversion_pkey PRIMARY KEY (id);
CREATE INDEX article_case_newest ON public.handbook_articlecase USING btree (how, at DESC);
CREATE INDEX article_case_of ON public.handbook_articlecase USING btree (case_id);
CREATE INDEX article_file_of ON public.handbook_articlefile USING btree (article_id, at, id);
CREATE INDEX article_newest ON public.handbook_article USING btree (state, written_at DESC, id DESC);
CREATE INDEX article_origin ON public.handbook_article USING btree (origin_kind, origin_id) WHERE (origin_id IS NOT NULL);
CREATE INDEX article_review ON public.handbook_article USING btree (review_on) WHERE (state = 'published'::text);
CREATE INDEX article_terms ON public.handbook_article USING gin (terms);
CREATE INDEX article_topic ON public.handbook_article USING btree (topic_folded);
CREATE INDEX article_valid ON public.handbook_article USING btree (valid_until) WHERE ((state = 'published'::text) AND (valid_until IS NOT NULL));
CREATE UNIQUE INDEX article_vote_once ON public.handbook_articlevote USING btree (article_id, version, by_id) WHERE (by_id IS NOT NULL);
CREATE INDEX article_votes_of ON public.handbook_articlevote USING btree (article_id, version);
CREATE INDEX attachment_of_case ON public.serve_attachment USING btree (case_id, at, id);
CREATE INDEX attribute_day ON public.understand_attributevalue USING btree (attribute_id, day);
CREATE INDEX attribute_exact ON public.understand_attributevalue USING btree (folded) WHERE (folded IS NOT NULL);
CREATE INDEX attribute_number ON public.understand_attributevalue USING btree (attribute_id, number);
CREATE INDEX attribute_text ON public.understand_attributevalue USING btree (attribute_id, text);
CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);
CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);
CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);
CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);
CREATE INDEX bulk_change_drafts ON public.serve_bulkchange USING btree (made_at) WHERE (state = 'draft'::text);
CREATE INDEX bulk_change_to_do ON public.serve_bulkchange USING btree (id) WHERE (state = ANY (ARRAY['waiting'::text, 'undoing'::text]));
CREATE INDEX bulk_item_to_do ON public.serve_bulkitem USING btree (change_id, state, id);
CREATE INDEX case_closed ON public.serve_case USING btree (closed_at DESC, id DESC) WHERE (state = 'closed'::text);
CREATE INDEX case_merged_cases ON public.serve_case USING btree (merged_into_id) WHERE (merged_into_id IS NOT NULL);
CREATE INDEX case_newest ON public.serve_case USING btree (opened_at DESC, id DESC);
CREATE INDEX case_of_customer ON public.serve_case USING btree (customer_id, opened_at DESC);
CREATE INDEX case_product ON public.serve_case USING btree (upper(product) text_pattern_ops) WHERE (NOT (product = ''::text));
CREATE INDEX case_queue ON public.serve_case USING btree (queue_at, id) WHERE (state = ANY (ARRAY['open'::text, 'waiting'::text, 'answered'::text]));
CREATE INDEX case_queue_of_category ON public.serve_case USING btree (category text_pattern_ops, queue_at, id) WHERE (state = ANY (ARRAY['open'::text, 'waiting'::text, 'answered'::text]));
CREATE INDEX case_queue_of_channel ON public.serve_case USING btree (channel, queue_at, id) WHERE (state = ANY (ARRAY['open'::text, 'waiting'::text, 'answered'::text]));
CREATE INDEX case_queue_of_department ON public.serve_case USING btree (department_id, queue_at, id) WHERE (state = ANY (ARRAY['open'::text, 'waiting'::text, 'answered'::text]));
CREATE INDEX case_queue_of_grade ON public.serve_case USING btree (grade, queue_at, id) WHERE ((state = ANY (ARRAY['open'::text, 'waiting'::text, 'answered'::text])) AND (NOT (grade = ''::text)));
CREATE INDEX case_queue_of_owner ON public.serve_case USING btree (owner_id, queue_at, id) WHERE (state = ANY (ARRAY['open'::text, 'waiting'::text, 'answered'::text]));
CREATE INDEX case_queue_waiting ON public.serve_case USING btree (queue_at, id) WHERE (state = 'waiting'::text);
CREATE INDEX case_subject ON public.serve_case USING gin (public.serve_pairs(subject)) WITH (gin_pending_list_limit='512') WHERE (state = ANY (ARRAY['open'::text, 'waiting'::text, 'answered'::text]));
CREATE INDEX channels_delivery_subscription_id_f5441e3f ON public.channels_delivery USING btree (subscription_id);
CREATE INDEX channels_import_by_id_85982b91 ON public.channels_import USING btree (by_id);
CREATE INDEX channels_import_repeats_id_dc91cbee ON public.channels_import USING btree (repeats_id);
CREATE INDEX channels_importedline_run_id_4c9d2f52 ON public.channels_importedline USING btree (run_id);
CREATE INDEX channels_subscription_made_by_id_cded0b19 ON public.channels_subscription USING btree (made_by_id);
CREATE INDEX clock_broken ON public.promise_clock USING btree (department_id, breached_at) WHERE ((breached_at IS NOT NULL) AND (state = ANY (ARRAY['running'::text, 'paused'::text])));
CREATE INDEX clock_due ON public.promise_clock USING btree (next_at) WHERE (next_at IS NOT NULL);
CREATE INDEX clock_in_calendar ON public.promise_clock USING btree (calendar_id, id) WHERE (state = ANY (ARRAY['running'::text, 'paused'::text]));
CREATE INDEX clock_judged_of_department ON public.promise_clock USING btree (department_id, stopped_at) INCLUDE (state) WHERE (state = ANY (ARRAY['met'::text, 'missed'::text]));
CREATE INDEX clock_judged_of_holder ON public.promise_clock USING btree (holder_id, stopped_at) INCLUDE (state) WHERE (state = ANY (ARRAY['met'::text, 'missed'::text]));
CREATE INDEX clock_judged_of_version ON public.promise_clock USING btree (version_id, stopped_at) INCLUDE (state, started_at, department_id) WHERE (state = ANY (ARRAY['met'::text, 'missed'::text]));
CREATE INDEX clock_of_case ON public.promise_clock USING btree (case_id);
CREATE INDEX clock_of_unrouted ON public.promise_clock USING btree (case_id) WHERE ((measure = 'route'::text) AND (state = ANY (ARRAY['running'::text, 'paused'::text])));
CREATE INDEX clock_open_of_version ON public.promise_clock USING btree (version_id, department_id) WHERE (state = ANY (ARRAY['running'::text, 'paused'::text]));
CREATE INDEX consent_of_customer ON public.understand_consent USING btree (customer_id, purpose);
CREATE UNIQUE INDEX consent_stands_once ON public.understand_consent USING btree (customer_id, purpose, channel) WHERE ((given_at IS NOT NULL) AND (withdrawn_at IS NULL));
CREATE INDEX contact_made ON public.understand_contact USING btree (owner_id, made_at) WHERE (state = 'made'::text);
CREATE INDEX contact_next ON public.understand_contact USING btree (next_at) WHERE (next_at IS NOT NULL);
CREATE INDEX contact_of_customer ON public.understand_contact USING btree (customer_id, id);
CREATE INDEX contact_person_person ON public.understand_contactperson USING btree (person_id);
CREATE INDEX contact_plan_customer ON public.understand_contactplan USING btree (customer_id);
CREATE INDEX contact_plan_running ON public.understand_contactplan USING btree (owner_id) WHERE (ended_at IS NULL);
CREATE INDEX contact_planned ON public.understand_contact USING btree (owner_id, planned_on) WHERE (state = 'planned'::text);
CREATE INDEX contact_raised ON public.understand_contact USING btree (raised_to_id) WHERE ((raised_to_id IS NOT NULL) AND (state = 'planned'::text));
CREATE INDEX customer_initials ON public.understand_customer USING btree (name_initials text_pattern_ops);
CREATE INDEX customer_merged ON public.understand_customer USING btree (merged_into_id) WHERE (merged_into_id IS NOT NULL);
CREATE INDEX customer_name_folded ON public.understand_customer USING btree (name_folded text_pattern_ops);
CREATE INDEX customer_pinyin ON public.understand_customer USING btree (name_pinyin text_pattern_ops);
CREATE INDEX customer_works_at ON public.understand_customer USING btree (works_at_id) WHERE (works_at_id IS NOT NULL);
CREATE INDEX delivery_newest ON public.channels_delivery USING btree (subscription_id, id DESC);
CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);
CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);
CREATE INDEX draft_file_of_composer ON public.serve_draftfile USING btree (case_id, person_id, at, id);
CREATE INDEX emergency_latest ON public.serve_emergency USING btree (at DESC, id DESC);
CREATE INDEX emergency_running ON public.serve_emergency USING btree (case_id) WHERE (state = 'running'::text);
CREATE INDEX entry_of_case ON public.ledger_entry USING btree (case_id, id) WHERE (case_id IS NOT NULL);
CREATE INDEX entry_of_customer ON public.ledger_entry USING btree (about_id, kind, id) WHERE ((about_kind = 'customer'::text) AND (case_id IS NULL));
CREATE INDEX entry_of_noun ON public.ledger_entry USING btree (about_kind, about_id, id) WHERE (case_id IS NULL);
CREATE INDEX entry_unnumbered ON public.ledger_entry USING btree (id) WHERE ("position" IS NULL);
CREATE INDEX escalation_of_case ON public.promise_escalation USING btree (case_id);
CREATE INDEX escalation_waiting ON public.promise_escalation USING btree (level DESC, happened_at, id) WHERE ((level >= 1) AND (over_at IS NULL));
CREATE INDEX escalation_waiting_for ON public.promise_escalation USING btree (to_person_id, level DESC, happened_at, id) WHERE ((level >= 1) AND (over_at IS NULL));
CREATE INDEX extension_of_case ON public.promise_extension USING btree (case_id);
CREATE INDEX extension_waiting_for ON public.promise_extension USING btree (authority_id, old_due_at, id) WHERE (state = 'asked'::text);
CREATE INDEX filled_form_answers ON public.serve_filledform USING gin (answers jsonb_path_ops) WHERE is_current;
CREATE INDEX follow_up_planned ON public.serve_followup USING btree (holder_id, planned_for) WHERE (state = 'planned'::text);
CREATE INDEX grant_of_decision ON public.organisation_grant USING btree (matrix_id, decision);
CREATE INDEX handbook_article_code_4afda681_like ON public.handbook_article USING btree (code varchar_pattern_ops);
CREATE INDEX handbook_article_owner_id_e167bcaa ON public.handbook_article USING btree (owner_id);
CREATE INDEX held_reply_due ON public.serve_heldreply USING btree (send_at) WHERE (state = 'held'::text);
CREATE INDEX idempotency_age ON public.channels_idempotencyrecord USING btree (created_at);
CREATE INDEX identity_last4 ON public.understand_identity USING btree (last4) WHERE (last4 IS NOT NULL);
CREATE INDEX identity_normal ON public.understand_identity USING btree (kind, normal);
CREATE UNIQUE INDEX in_a_segment_once ON public.understand_membership USING btree (segment_id, customer_id) WHERE (until IS NULL);
CREATE INDEX knowledge_captured_by ON public.understand_knowledge USING btree (captured_by_id);
CREATE INDEX knowledge_evidence ON public.understand_knowledge USING btree (evidence_kind, evidence_id);
CREATE INDEX knowledge_newest ON public.understand_knowledge USING btree (captured_at DESC, id DESC);
CREATE INDEX knowledge_of_customer ON public.understand_knowledge USING btree (customer_id, id);
CREATE INDEX knowledge_of_segment ON public.understand_knowledge USING btree (segment_id, id) WHERE (segment_id IS NOT NULL);
CREATE INDEX knowledge_review ON public.understand_knowledge USING btree (review_on) WHERE (state = 'kept'::text);
CREATE INDEX knowledge_terms ON public.understand_knowledge USING gin (terms);
CREATE INDEX knowledge_unread ON public.understand_knowledgereading USING btree (person_id) WHERE ((NOT is_over) AND (read_at IS NULL));
CREATE INDEX knowledge_unreviewed ON public.understand_knowledge USING btree (captured_at) WHERE (state = ANY (ARRAY['captured'::text, 'judged'::text]));
CREATE INDEX knowledge_use_for ON public.understand_knowledgeuse USING btree (customer_id) WHERE (customer_id IS NOT NULL);
CREATE INDEX knowledge_use_of ON public.understand_knowledgeuse USING btree (knowledge_id, id DESC);
CREATE INDEX knowledge_valid ON public.understand_knowledge USING btree (valid_until) WHERE ((state = 'kept'::text) AND (valid_until IS NOT NULL));
CREATE INDEX membership_entered ON public.understand_membership USING btree (segment_id, since, id);
CREATE INDEX membership_left ON public.understand_membership USING btree (segment_id, until, id) WHERE (until IS NOT NULL);
CREATE UNIQUE INDEX merged_into_one_only ON public.understand_merge USING btree (merged_id) WHERE (undone_at IS NULL);
CREATE INDEX message_answers ON public.serve_message USING btree (answers_id) WHERE (answers_id IS NOT NULL);
CREATE INDEX message_of_case ON public.serve_message USING btree (case_id, id);
CREATE INDEX need_evidence ON public.understand_need USING btree (evidence_kind, evidence_id);
CREATE INDEX need_of_customer ON public.understand_need USING btree (customer_id, id);
CREATE INDEX need_theme ON public.understand_need USING btree (theme_folded) WHERE (ended_at IS NULL);
CREATE INDEX notice_unread ON public.channels_notice USING btree (person_id, id DESC) WHERE (read_at IS NULL);
CREATE INDEX notice_untold ON public.channels_notice USING btree (person_id) WHERE (told_at IS NULL);
CREATE UNIQUE INDEX one_blueprint_in_force ON public.promise_blueprintversion USING btree (blueprint_id) WHERE (withdrawn_at IS NULL);
CREATE UNIQUE INDEX one_case_an_external_id ON public.serve_case USING btree (source, external_id) WHERE (external_id IS NOT NULL);
CREATE UNIQUE INDEX one_communication_version_in_force ON public.promise_communicationversion USING btree (plan_id) WHERE (withdrawn_at IS NULL);
CREATE UNIQUE INDEX one_cycle_at_work ON public.promise_strategycycle USING btree (segment_id) WHERE (reviewed_at IS NULL);
CREATE UNIQUE INDEX one_emergency_at_a_time ON public.serve_emergency USING btree (case_id) WHERE (state = ANY (ARRAY['asked'::text, 'running'::text]));
CREATE UNIQUE INDEX one_filled_form_is_current ON public.serve_filledform USING btree (case_id) WHERE is_current;
CREATE UNIQUE INDEX one_form_version_in_force ON public.serve_caseformversion USING btree (form_id) WHERE (withdrawn_at IS NULL);
CREATE UNIQUE INDEX one_matrix_draft ON public.organisation_matrix USING btree ((1)) WHERE (published_at IS NULL);
CREATE UNIQUE INDEX one_matrix_in_force ON public.organisation_matrix USING btree ((1)) WHERE ((published_at IS NOT NULL) AND (withdrawn_at IS NULL));
CREATE UNIQUE INDEX one_open_pause_a_clock ON public.promise_pause USING btree (clock_id) WHERE (to_at IS NULL);
CREATE UNIQUE INDEX one_package_version_in_force ON public.promise_packageversion USING btree (package_id) WHERE (withdrawn_at IS NULL);
CREATE UNIQUE INDEX one_reply_a_key ON public.promise_messagereply USING btree (message_id, key) WHERE (NOT (key = ''::text));
CREATE UNIQUE INDEX one_request_at_a_time ON public.promise_extension USING btree (clock_id) WHERE (state = 'asked'::text);
CREATE UNIQUE INDEX one_rule_in_force ON public.serve_routingrule USING btree (code) WHERE (withdrawn_at IS NULL);
CREATE UNIQUE INDEX one_segment_round_waits ON public.understand_segmentround USING btree ((1)) WHERE (done_at IS NULL);
CREATE UNIQUE INDEX one_template_a_shortcut ON public.serve_template USING btree (shortcut) WHERE ((withdrawn_at IS NULL) AND (NOT (shortcut = ''::text)));
CREATE UNIQUE INDEX one_template_in_force ON public.serve_template USING btree (code) WHERE (withdrawn_at IS NULL);
CREATE UNIQUE INDEX one_version_in_force ON public.promise_standardversion USING btree (standard_id) WHERE (withdrawn_at IS NULL);
CREATE UNIQUE INDEX one_visit_rhythm_a_customer ON public.promise_visitrhythm USING btree (package_id, customer_id) WHERE (ended_at IS NULL);
CREATE INDEX organisation_absence_deputy_id_cd648f3e ON public.organisation_absence USING btree (deputy_id);
CREATE INDEX organisation_absence_person_id_48de3694 ON public.organisation_absence USING btree (person_id);
CREATE INDEX organisation_apikey_person_id_e8446fc6 ON public.organisation_apikey USING btree (person_id);
CREATE INDEX organisation_apikey_prefix_c488af6f_like ON public.organisation_apikey USING btree (prefix text_pattern_ops);
CREATE INDEX organisation_calendar_code_7a999369_like ON public.organisation_calendar USING btree (code text_pattern_ops);
CREATE INDEX organisation_calendar_holidays_id_3724193d ON public.organisation_calendar USING btree (holidays_id);
CREATE INDEX organisation_calendarshift_calendar_id_b474ef8c ON public.organisation_calendarshift USING btree (calendar_id);
CREATE INDEX organisation_department_calendar_id_89f0f06e ON public.organisation_department USING btree (calendar_id);
CREATE INDEX organisation_department_code_bf9b49af_like ON public.organisation_department USING btree (code text_pattern_ops);
CREATE INDEX organisation_department_parent_id_b5f50662 ON public.organisation_department USING btree (parent_id);
CREATE INDEX organisation_department_path_df30838a ON public.organisation_department USING btree (path);
CREATE INDEX organisation_department_path_df30838a_like ON public.organisation_department USING btree (path text_pattern_ops);
CREATE INDEX organisation_grant_department_id_e1d27141 ON public.organisation_grant USING btree (department_id);
CREATE INDEX organisation_grant_matrix_id_ea8d638e ON public.organisation_grant USING btree (matrix_id);
CREATE INDEX organisation_grant_position_id_c799cb47 ON public.organisation_grant USING btree (position_id);
CREATE INDEX organisation_holidayday_year_id_9279e52f ON public.organisation_holidayday USING btree (year_id);
CREATE INDEX organisation_holidaylist_code_59d249ab_like ON public.organisation_holidaylist USING btree (code text_pattern_ops);
CREATE INDEX organisation_holidayyear_list_id_fa7aa28f ON public.organisation_holidayyear USING btree (list_id);
CREATE INDEX organisation_lending_borrower_id_a84af90a ON public.organisation_lending USING btree (borrower_id);
CREATE INDEX organisation_lending_lender_id_39d0e2dd ON public.organisation_lending USING btree (lender_id);
CREATE INDEX organisation_person_login_fb560f36_like ON public.organisation_person USING btree (login text_pattern_ops);
CREATE INDEX organisation_position_code_cd69c356_like ON public.organisation_position USING btree (code text_pattern_ops);
CREATE INDEX organisation_position_department_id_26376e52 ON public.organisation_position USING btree (department_id);
CREATE INDEX organisation_post_person_id_b861554e ON public.organisation_post USING btree (person_id);
CREATE INDEX organisation_post_position_id_7ca9a485 ON public.organisation_post USING btree (position_id);
CREATE INDEX organisation_revision_name_3889904a_like ON public.organisation_revision USING btree (name text_pattern_ops);
CREATE INDEX organisation_signinlink_made_by_id_2b6faeaf ON public.organisation_signinlink USING btree (made_by_id);
CREATE INDEX organisation_signinlink_person_id_e3b46d53 ON public.organisation_signinlink USING btree (person_id);
CREATE INDEX organisation_signinlink_token_hash_812f8f04_like ON public.organisation_signinlink USING btree (token_hash text_pattern_ops);
CREATE INDEX organisation_use_grant_id_713fd205 ON public.organisation_use USING btree (grant_id);
CREATE INDEX outgoing_lane ON public.ledger_outgoing USING btree (channel, lane, id) WHERE (state = 'waiting'::text);
CREATE INDEX outgoing_private_link ON public.ledger_outgoing USING btree (lane, written_at) WHERE (channel = 'private_link'::text);
CREATE INDEX outgoing_waiting ON public.ledger_outgoing USING btree (next_try_at) WHERE (state = 'waiting'::text);
CREATE INDEX pair_open ON public.understand_pair USING btree (weight DESC, id) WHERE (state = 'open'::text);
CREATE INDEX pair_second ON public.understand_pair USING btree (second_id);
CREATE INDEX person_initials ON public.organisation_person USING btree (name_initials text_pattern_ops);
CREATE INDEX person_pinyin ON public.organisation_person USING btree (name_pinyin text_pattern_ops);
CREATE INDEX plan_message_counted ON public.promise_planmessage USING btree (customer_id, posted_at) WHERE (posted_at IS NOT NULL);
CREATE INDEX plan_message_due ON public.promise_planmessage USING btree (next_at) WHERE (state = 'waiting'::text);
CREATE INDEX plan_message_of_plan ON public.promise_planmessage USING btree (plan_id, state, due_at DESC);
CREATE UNIQUE INDEX post_one_main ON public.organisation_post USING btree (person_id) WHERE (is_main AND (until IS NULL));
CREATE INDEX price_answer_newest ON public.understand_priceanswer USING btree (study_id, id DESC);
CREATE INDEX price_answer_of ON public.understand_priceanswer USING btree (customer_id) WHERE (customer_id IS NOT NULL);
CREATE UNIQUE INDEX price_answer_once ON public.understand_priceanswer USING btree (study_id, key) WHERE (struck_at IS NULL);
CREATE UNIQUE INDEX price_answer_one_a_customer ON public.understand_priceanswer USING btree (study_id, customer_id) WHERE ((customer_id IS NOT NULL) AND (struck_at IS NULL));
CREATE INDEX price_study_to_count ON public.understand_pricestudy USING btree (id) WHERE (NOT (version = intervals_of));
CREATE INDEX product_line ON public.understand_product USING btree (line) WHERE (NOT (line = ''::text));
CREATE INDEX promise_authorityrequest_asked_by_id_bc27f9dc ON public.promise_authorityrequest USING btree (asked_by_id);
CREATE INDEX promise_authorityrequest_department_id_48f69668 ON public.promise_authorityrequest USING btree (department_id);
CREATE INDEX promise_authorityword_request_id_3f392bf6 ON public.promise_authorityword USING btree (request_id);
CREATE INDEX promise_blueprint_code_2f2e9e90_like ON public.promise_blueprint USING btree (code varchar_pattern_ops);
CREATE INDEX promise_blueprint_department_id_36967996 ON public.promise_blueprint USING btree (department_id);
CREATE INDEX promise_blueprint_draft_changed_by_id_921c358c ON public.promise_blueprint USING btree (draft_changed_by_id);
CREATE INDEX promise_blueprint_steward_id_48a380df ON public.promise_blueprint USING btree (steward_id);
CREATE INDEX promise_blueprintversion_blueprint_id_d616d6ec ON public.promise_blueprintversion USING btree (blueprint_id);
CREATE INDEX promise_communicationentry_code_46144450 ON public.promise_communicationentry USING btree (code);
CREATE INDEX promise_communicationentry_code_46144450_like ON public.promise_communicationentry USING btree (code varchar_pattern_ops);
CREATE INDEX promise_communicationentry_version_id_b6f8e283 ON public.promise_communicationentry USING btree (version_id);
CREATE INDEX promise_communicationversion_plan_id_3d0d5953 ON public.promise_communicationversion USING btree (plan_id);
CREATE INDEX promise_extension_asked_by_id_a2d428b7 ON public.promise_extension USING btree (asked_by_id);
CREATE INDEX promise_extension_authority_id_56ecbfad ON public.promise_extension USING btree (authority_id);
CREATE INDEX promise_extension_clock_id_4b0a37d1 ON public.promise_extension USING btree (clock_id);
CREATE INDEX promise_extension_decided_by_id_d3d452e2 ON public.promise_extension USING btree (decided_by_id);
CREATE INDEX promise_messagereply_message_id_ca80a97b ON public.promise_messagereply USING btree (message_id);
CREATE INDEX promise_package_code_50767db8_like ON public.promise_package USING btree (code varchar_pattern_ops);
CREATE INDEX promise_package_segment_id_0a4301fc ON public.promise_package USING btree (segment_id);
CREATE INDEX promise_packageversion_package_id_5d58a27b ON public.promise_packageversion USING btree (package_id);
CREATE INDEX promise_packageversion_standards_packageversion_id_54904206 ON public.promise_packageversion_standards USING btree (packageversion_id);
CREATE INDEX promise_packageversion_standards_standard_id_d9a38510 ON public.promise_packageversion_standards USING btree (standard_id);
CREATE INDEX promise_pause_clock_id_5387120c ON public.promise_pause USING btree (clock_id);
CREATE INDEX promise_proposal_by_id_328d1d26 ON public.promise_proposal USING btree (by_id);
CREATE INDEX promise_proposal_department_id_74e64d66 ON public.promise_proposal USING btree (department_id);
CREATE INDEX promise_proposal_reviewer_id_819d08da ON public.promise_proposal USING btree (reviewer_id);
CREATE INDEX promise_proposal_standard_id_06c75401 ON public.promise_proposal USING btree (standard_id);
CREATE INDEX promise_standard_code_c697d3f1_like ON public.promise_standard USING btree (code varchar_pattern_ops);
CREATE INDEX promise_standard_owner_id_3badfa02 ON public.promise_standard USING btree (owner_id);
CREATE INDEX promise_standardversion_calendar_id_ed2fd05c ON public.promise_standardversion USING btree (calendar_id);
CREATE INDEX promise_standardversion_for_department_id_fbe85bb7 ON public.promise_standardversion USING btree (for_department_id);
CREATE INDEX promise_standardversion_standard_id_85019155 ON public.promise_standardversion USING btree (standard_id);
CREATE INDEX promise_statement_department_id_ac12504e ON public.promise_statement USING btree (department_id);
CREATE INDEX promise_statement_holder_id_7d273459 ON public.promise_statement USING btree (holder_id);
CREATE INDEX promise_statement_proposals_proposal_id_f6ef4f33 ON public.promise_statement_proposals USING btree (proposal_id);
CREATE INDEX promise_statement_proposals_statement_id_27472f50 ON public.promise_statement_proposals USING btree (statement_id);
CREATE INDEX promise_strategycycle_segment_id_c409c18f ON public.promise_strategycycle USING btree (segment_id);
CREATE INDEX promise_strategyevidence_step_id_5b785b5b ON public.promise_strategyevidence USING btree (step_id);
CREATE INDEX promise_strategystep_cycle_id_c27eacb2 ON public.promise_strategystep USING btree (cycle_id);
CREATE INDEX promise_strategystep_owner_id_aed9c139 ON public.promise_strategystep USING btree (owner_id);
CREATE INDEX promise_strategytask_owner_id_f05f2f2f ON public.promise_strategytask USING btree (owner_id);
CREATE INDEX promise_strategytask_step_id_99861e37 ON public.promise_strategytask USING btree (step_id);
CREATE INDEX promise_visitrhythm_customer_id_b98b501a ON public.promise_visitrhythm USING btree (customer_id);
CREATE INDEX promise_visitrhythm_package_id_a41eb372 ON public.promise_visitrhythm USING btree (package_id);
CREATE INDEX proposal_latest ON public.promise_proposal USING btree (at DESC, id DESC);
CREATE INDEX proposal_waiting ON public.promise_proposal USING btree (reviewer_id, at) WHERE (state = ANY (ARRAY['proposed'::text, 'trial'::text]));
CREATE INDEX purchase_newest ON public.understand_purchase USING btree (bought_at DESC, id DESC);
CREATE INDEX purchase_of_customer ON public.understand_purchase USING btree (customer_id, bought_at DESC) WHERE (customer_id IS NOT NULL);
CREATE INDEX purchase_of_order ON public.understand_purchase USING btree (order_key);
CREATE INDEX purchase_of_product ON public.understand_purchase USING btree (product_id, bought_at DESC) WHERE (product_id IS NOT NULL);
CREATE INDEX purchase_taken_back ON public.understand_purchase USING btree (takes_back_id) WHERE (takes_back_id IS NOT NULL);
CREATE INDEX question_by_number ON public.handbook_question USING btree (asked DESC, last_on DESC);
CREATE INDEX request_about ON public.promise_authorityrequest USING btree (about_kind, about_id);
CREATE INDEX request_of_case ON public.promise_authorityrequest USING btree (case_id) WHERE (case_id IS NOT NULL);
CREATE INDEX request_waiting_for ON public.promise_authorityrequest USING btree (to_person_id, asked_at, id) WHERE (state = 'asked'::text);
CREATE UNIQUE INDEX segment_version_in_force ON public.understand_segmentversion USING btree (segment_id) WHERE (withdrawn_at IS NULL);
CREATE INDEX serve_attachment_message_id_89308133 ON public.serve_attachment USING btree (message_id);
CREATE INDEX serve_attachment_task_id_b79af760 ON public.serve_attachment USING btree (task_id);
CREATE INDEX serve_bulkchange_by_id_7964be03 ON public.serve_bulkchange USING btree (by_id);
CREATE INDEX serve_caseform_code_9f2b3970_like ON public.serve_caseform USING btree (code varchar_pattern_ops);
CREATE INDEX serve_caseform_draft_changed_by_id_d208fc88 ON public.serve_caseform USING btree (draft_changed_by_id);
CREATE INDEX serve_caseformversion_form_id_9e39b694 ON public.serve_caseformversion USING btree (form_id);
CREATE INDEX serve_caselink_case_id_354f831a ON public.serve_caselink USING btree (case_id);
CREATE INDEX serve_caselink_made_by_id_6ccc80cf ON public.serve_caselink USING btree (made_by_id);
CREATE INDEX serve_caselink_other_id_524294c8 ON public.serve_caselink USING btree (other_id);
CREATE INDEX serve_closing_department_id_f7b90125 ON public.serve_closing USING btree (department_id);
CREATE INDEX serve_draft_case_id_597def16 ON public.serve_draft USING btree (case_id);
CREATE INDEX serve_draftfile_held_id_5eb33ebd ON public.serve_draftfile USING btree (held_id);
CREATE INDEX serve_emergency_by_id_6e1578ea ON public.serve_emergency USING btree (by_id);
CREATE INDEX serve_emergency_case_id_33045be0 ON public.serve_emergency USING btree (case_id);
CREATE INDEX serve_emergency_reviewer_id_abceb3c1 ON public.serve_emergency USING btree (reviewer_id);
CREATE INDEX serve_filledform_version_id_20e22b37 ON public.serve_filledform USING btree (version_id);
CREATE INDEX serve_firstcontact_article_id_29f028d5 ON public.serve_firstcontact USING btree (article_id);
CREATE INDEX serve_followup_case_id_500f7425 ON public.serve_followup USING btree (case_id);
CREATE INDEX serve_followup_department_at_fault_id_bc9c7156 ON public.serve_followup USING btree (department_at_fault_id);
CREATE INDEX serve_followup_done_by_id_ab9e516e ON public.serve_followup USING btree (done_by_id);
CREATE INDEX serve_followup_holder_id_00b76683 ON public.serve_followup USING btree (holder_id);
CREATE INDEX serve_goodwill_case_id_d44ee257 ON public.serve_goodwill USING btree (case_id);
CREATE INDEX serve_heldreply_case_id_add06692 ON public.serve_heldreply USING btree (case_id);
CREATE INDEX serve_intakestep_department_id_e12f132e ON public.serve_intakestep USING btree (department_id);
CREATE INDEX serve_intakestep_template_id_5a484a91 ON public.serve_intakestep USING btree (template_id);
CREATE INDEX serve_intaketemplate_code_036adf0f_like ON public.serve_intaketemplate USING btree (code varchar_pattern_ops);
CREATE INDEX serve_message_task_id_c9948f01 ON public.serve_message USING btree (task_id);
CREATE INDEX serve_opinionpoint_code_3421832c_like ON public.serve_opinionpoint USING btree (code text_pattern_ops);
CREATE INDEX serve_opinionpoint_department_id_a309c317 ON public.serve_opinionpoint USING btree (department_id);
CREATE INDEX serve_reopening_by_id_933e992d ON public.serve_reopening USING btree (by_id);
CREATE INDEX serve_reopening_case_id_a5e01ae8 ON public.serve_reopening USING btree (case_id);
CREATE INDEX serve_routing_case_id_95abe841 ON public.serve_routing USING btree (case_id);
CREATE INDEX serve_routingrule_code_35da1805 ON public.serve_routingrule USING btree (code);
CREATE INDEX serve_routingrule_code_35da1805_like ON public.serve_routingrule USING btree (code varchar_pattern_ops);
CREATE INDEX serve_routingstep_department_id_672bd30b ON public.serve_routingstep USING btree (department_id);
CREATE INDEX serve_routingstep_rule_id_6a751537 ON public.serve_routingstep USING btree (rule_id);
CREATE INDEX serve_ruledraft_changed_by_id_9d44962d ON public.serve_ruledraft USING btree (changed_by_id);
CREATE INDEX serve_savedview_owner_id_5a1ca633 ON public.serve_savedview USING btree (owner_id);
CREATE INDEX serve_simulation_standard_id_76648478 ON public.serve_simulation USING btree (standard_id);
CREATE INDEX serve_task_case_id_68c28ec1 ON public.serve_task USING btree (case_id);
CREATE INDEX serve_template_at_fault_id_ed9da36a ON public.serve_template USING btree (at_fault_id);
CREATE INDEX serve_template_code_e4722c40 ON public.serve_template USING btree (code);
CREATE INDEX serve_template_code_e4722c40_like ON public.serve_template USING btree (code varchar_pattern_ops);
CREATE INDEX serve_template_department_id_76446df5 ON public.serve_template USING btree (department_id);
CREATE INDEX serve_template_task_for_id_7595c855 ON public.serve_template USING btree (task_for_id);
CREATE INDEX serve_transfer_by_id_a1c3fd30 ON public.serve_transfer USING btree (by_id);
CREATE INDEX serve_transfer_from_department_id_5ce7aa6f ON public.serve_transfer USING btree (from_department_id);
CREATE INDEX serve_transfer_task_id_e96e82e3 ON public.serve_transfer USING btree (task_id);
CREATE INDEX serve_transfer_to_department_id_60876a96 ON public.serve_transfer USING btree (to_department_id);
CREATE INDEX simulated_of_one ON public.serve_simulatedpromise USING btree (simulation_id, id);
CREATE INDEX simulation_to_do ON public.serve_simulation USING btree (id) WHERE (state = 'waiting'::text);
CREATE INDEX snooze_of_person ON public.serve_snooze USING btree (person_id, until);
CREATE INDEX snooze_until ON public.serve_snooze USING btree (until);
CREATE INDEX statement_waiting ON public.promise_statement USING btree (holder_id) WHERE (said_at IS NULL);
CREATE INDEX task_newest ON public.serve_task USING btree (given_at DESC, id DESC) WHERE (state = ANY (ARRAY['given'::text, 'accepted'::text]));
CREATE INDEX task_not_accepted ON public.serve_task USING btree (department_id, queue_at, id) WHERE (state = 'given'::text);
CREATE INDEX task_queue_of_department ON public.serve_task USING btree (department_id, queue_at, id) WHERE (state = ANY (ARRAY['given'::text, 'accepted'::text]));
CREATE INDEX task_queue_of_handler ON public.serve_task USING btree (handler_id, queue_at, id) WHERE (state = ANY (ARRAY['given'::text, 'accepted'::text]));
CREATE INDEX understand_attribute_code_f5ab65e3_like ON public.understand_attribute USING btree (code varchar_pattern_ops);
CREATE INDEX understand_grading_rules_id_b7775f59 ON public.understand_grading USING btree (rules_id);
CREATE INDEX understand_knowledgeshare_department_id_37826fec ON public.understand_knowledgeshare USING btree (department_id);
CREATE INDEX understand_membership_customer_id_8154d804 ON public.understand_membership USING btree (customer_id);
CREATE INDEX understand_merge_kept_id_2eb92683 ON public.understand_merge USING btree (kept_id);
CREATE INDEX understand_pricestudy_code_43d43c5a_like ON public.understand_pricestudy USING btree (code varchar_pattern_ops);
CREATE INDEX understand_pricestudy_owner_id_3348f8e3 ON public.understand_pricestudy USING btree (owner_id);
CREATE INDEX understand_pricestudy_segment_id_b59442fe ON public.understand_pricestudy USING btree (segment_id);
CREATE INDEX understand_product_key_6960e25a_like ON public.understand_product USING btree (key text_pattern_ops);
CREATE INDEX understand_segment_code_af01d9e2_like ON public.understand_segment USING btree (code varchar_pattern_ops);
CREATE INDEX understand_segment_owner_id_4eab8e08 ON public.understand_segment USING btree (owner_id);
CREATE INDEX understand_segmentversion_segment_id_063573e6 ON public.understand_segmentversion USING btree (segment_id);
CREATE INDEX use_about ON public.organisation_use USING btree (about_kind, about_id);
CREATE INDEX use_by_principal ON public.organisation_use USING btree (principal_id, pot, at);
CREATE INDEX use_for_customer ON public.organisation_use USING btree (customer_id, pot, at) WHERE (customer_id IS NOT NULL);
CREATE INDEX use_latest ON public.organisation_use USING btree (at DESC, id DESC);
CREATE INDEX use_of_case ON public.organisation_use USING btree (case_id, pot) WHERE (case_id IS NOT NULL);
CREATE INDEX view_count_next ON public.serve_viewcount USING btree (counted_at);
CREATE INDEX watch_of_person ON public.serve_watch USING btree (person_id);
CREATE INDEX worth_grade ON public.understand_customerworth USING btree (grade, value_percentile DESC);
CREATE INDEX worth_last_bought ON public.understand_customerworth USING btree (last_bought_at);
CREATE STATISTICS public.case_subject_pairs ON public.serve_pairs(subject) FROM public.serve_case;
CREATE TRIGGER escalated_cases_delete AFTER DELETE ON public.serve_case REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.escalated_cases_delete();
CREATE TRIGGER escalated_cases_insert AFTER INSERT ON public.serve_case REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.escalated_cases_insert();
CREATE TRIGGER escalated_cases_update AFTER UPDATE ON public.serve_case REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.escalated_cases_update();
CREATE TRIGGER ledger_entry_delete BEFORE DELETE ON public.ledger_entry FOR EACH ROW EXECUTE FUNCTION public.ledger_refuse();
CREATE TRIGGER ledger_entry_truncate BEFORE TRUNCATE ON public.ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_refuse();
CREATE TRIGGER ledger_entry_update BEFORE UPDATE ON public.ledger_entry FOR EACH ROW EXECUTE FUNCTION public.ledger_only_numbering();
CREATE TRIGGER ledger_private_truncate BEFORE TRUNCATE ON public.ledger_private FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_refuse();
CREATE TRIGGER ledger_private_update BEFORE UPDATE ON public.ledger_private FOR EACH ROW EXECUTE FUNCTION public.ledger_refuse();
CREATE TRIGGER open_cases_delete AFTER DELETE ON public.serve_case REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.open_cases_delete();
CREATE TRIGGER open_cases_insert AFTER INSERT ON public.serve_case REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.open_cases_insert();
CREATE TRIGGER open_cases_update AFTER UPDATE ON public.serve_case REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.open_cases_update();
CREATE TRIGGER open_tasks_delete AFTER DELETE ON public.serve_task REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.open_tasks_delete();
CREATE TRIGGER open_tasks_insert AFTER INSERT ON public.serve_task REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.open_tasks_insert();
CREATE TRIGGER open_tasks_update AFTER UPDATE ON public.serve_task REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.open_tasks_update();
CREATE TRIGGER organisation_absence_bumps_organisation AFTER INSERT OR DELETE OR UPDATE ON public.organisation_absence FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('organisation');
CREATE TRIGGER organisation_absence_bumps_organisation_truncate AFTER TRUNCATE ON public.organisation_absence FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('organisation');
CREATE TRIGGER organisation_calendar_bumps_calendars AFTER INSERT OR DELETE OR UPDATE ON public.organisation_calendar FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('calendars');
CREATE TRIGGER organisation_calendar_bumps_calendars_truncate AFTER TRUNCATE ON public.organisation_calendar FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('calendars');
CREATE TRIGGER organisation_calendarshift_bumps_calendars AFTER INSERT OR DELETE OR UPDATE ON public.organisation_calendarshift FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('calendars');
CREATE TRIGGER organisation_calendarshift_bumps_calendars_truncate AFTER TRUNCATE ON public.organisation_calendarshift FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('calendars');
CREATE TRIGGER organisation_department_bumps_organisation AFTER INSERT OR DELETE OR UPDATE ON public.organisation_department FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('organisation');
CREATE TRIGGER organisation_department_bumps_organisation_truncate AFTER TRUNCATE ON public.organisation_department FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('organisation');
CREATE TRIGGER organisation_grant_bumps_authority AFTER INSERT OR DELETE OR UPDATE ON public.organisation_grant FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('authority');
CREATE TRIGGER organisation_grant_bumps_authority_truncate AFTER TRUNCATE ON public.organisation_grant FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('authority');
CREATE TRIGGER organisation_holidayday_bumps_calendars AFTER INSERT OR DELETE OR UPDATE ON public.organisation_holidayday FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('calendars');
CREATE TRIGGER organisation_holidayday_bumps_calendars_truncate AFTER TRUNCATE ON public.organisation_holidayday FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('calendars');
CREATE TRIGGER organisation_holidaylist_bumps_calendars AFTER INSERT OR DELETE OR UPDATE ON public.organisation_holidaylist FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('calendars');
CREATE TRIGGER organisation_holidaylist_bumps_calendars_truncate AFTER TRUNCATE ON public.organisation_holidaylist FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('calendars');
CREATE TRIGGER organisation_holidayyear_bumps_calendars AFTER INSERT OR DELETE OR UPDATE ON public.organisation_holidayyear FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('calendars');
CREATE TRIGGER organisation_holidayyear_bumps_calendars_truncate AFTER TRUNCATE ON public.organisation_holidayyear FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('calendars');
CREATE TRIGGER organisation_matrix_bumps_authority AFTER INSERT OR DELETE OR UPDATE ON public.organisation_matrix FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('authority');
CREATE TRIGGER organisation_matrix_bumps_authority_truncate AFTER TRUNCATE ON public.organisation_matrix FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('authority');
CREATE TRIGGER organisation_person_bumps_organisation AFTER INSERT OR DELETE OR UPDATE OF name, email, phone, language, is_active ON public.organisation_person FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('organisation');
CREATE TRIGGER organisation_person_bumps_organisation_truncate AFTER TRUNCATE ON public.organisation_person FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('organisation');
CREATE TRIGGER organisation_position_bumps_organisation AFTER INSERT OR DELETE OR UPDATE ON public.organisation_position FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('organisation');
CREATE TRIGGER organisation_position_bumps_organisation_truncate AFTER TRUNCATE ON public.organisation_position FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('organisation');
CREATE TRIGGER organisation_post_bumps_organisation AFTER INSERT OR DELETE OR UPDATE ON public.organisation_post FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('organisation');
CREATE TRIGGER organisation_post_bumps_organisation_truncate AFTER TRUNCATE ON public.organisation_post FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('organisation');
CREATE TRIGGER promise_blueprint_bumps_names AFTER INSERT OR DELETE OR UPDATE OF code, name, name_en ON public.promise_blueprint FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('names');
CREATE TRIGGER promise_blueprint_bumps_names_truncate AFTER TRUNCATE ON public.promise_blueprint FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('names');
CREATE TRIGGER promise_package_bumps_standards AFTER INSERT OR DELETE OR UPDATE ON public.promise_package FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('standards');
CREATE TRIGGER promise_package_bumps_standards_truncate AFTER TRUNCATE ON public.promise_package FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('standards');
CREATE TRIGGER promise_packageversion_bumps_standards AFTER INSERT OR DELETE OR UPDATE ON public.promise_packageversion FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('standards');
CREATE TRIGGER promise_packageversion_bumps_standards_truncate AFTER TRUNCATE ON public.promise_packageversion FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('standards');
CREATE TRIGGER promise_packageversion_standards_bumps_standards AFTER INSERT OR DELETE OR UPDATE ON public.promise_packageversion_standards FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('standards');
CREATE TRIGGER promise_packageversion_standards_bumps_standards_truncate AFTER TRUNCATE ON public.promise_packageversion_standards FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('standards');
CREATE TRIGGER promise_standard_bumps_standards AFTER INSERT OR DELETE OR UPDATE ON public.promise_standard FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('standards');
CREATE TRIGGER promise_standard_bumps_standards_truncate AFTER TRUNCATE ON public.promise_standard FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('standards');
CREATE TRIGGER promise_standardversion_bumps_standards AFTER INSERT OR DELETE OR UPDATE ON public.promise_standardversion FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('standards');
CREATE TRIGGER promise_standardversion_bumps_standards_truncate AFTER TRUNCATE ON public.promise_standardversion FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('standards');
CREATE TRIGGER serve_caseform_bumps_forms AFTER INSERT OR DELETE OR UPDATE OF code, name, name_en ON public.serve_caseform FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('forms');
CREATE TRIGGER serve_caseform_bumps_forms_truncate AFTER TRUNCATE ON public.serve_caseform FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('forms');
CREATE TRIGGER serve_caseform_bumps_serving AFTER INSERT OR DELETE OR UPDATE ON public.serve_caseform FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('serving');
CREATE TRIGGER serve_caseform_bumps_serving_truncate AFTER TRUNCATE ON public.serve_caseform FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('serving');
CREATE TRIGGER serve_caseformversion_bumps_serving AFTER INSERT OR DELETE OR UPDATE ON public.serve_caseformversion FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('serving');
CREATE TRIGGER serve_caseformversion_bumps_serving_truncate AFTER TRUNCATE ON public.serve_caseformversion FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('serving');
CREATE TRIGGER serve_policy_bumps_serving AFTER INSERT OR DELETE OR UPDATE ON public.serve_policy FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('serving');
CREATE TRIGGER serve_policy_bumps_serving_truncate AFTER TRUNCATE ON public.serve_policy FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('serving');
CREATE TRIGGER serve_routingrule_bumps_serving AFTER INSERT OR DELETE OR UPDATE ON public.serve_routingrule FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('serving');
CREATE TRIGGER serve_routingrule_bumps_serving_truncate AFTER TRUNCATE ON public.serve_routingrule FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('serving');
CREATE TRIGGER serve_routingstep_bumps_serving AFTER INSERT OR DELETE OR UPDATE ON public.serve_routingstep FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('serving');
CREATE TRIGGER serve_routingstep_bumps_serving_truncate AFTER TRUNCATE ON public.serve_routingstep FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('serving');
CREATE TRIGGER serve_term_bumps_serving AFTER INSERT OR DELETE OR UPDATE ON public.serve_term FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('serving');
CREATE TRIGGER serve_term_bumps_serving_truncate AFTER TRUNCATE ON public.serve_term FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('serving');
CREATE TRIGGER snoozed_cases_delete AFTER DELETE ON public.serve_snooze REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.snoozed_cases_delete();
CREATE TRIGGER snoozed_cases_insert AFTER INSERT ON public.serve_snooze REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.snoozed_cases_insert();
CREATE TRIGGER snoozed_cases_update AFTER UPDATE ON public.serve_snooze REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.snoozed_cases_update();
CREATE TRIGGER unaccepted_tasks_delete AFTER DELETE ON public.serve_task REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.unaccepted_tasks_delete();
CREATE TRIGGER unaccepted_tasks_insert AFTER INSERT ON public.serve_task REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.unaccepted_tasks_insert();
CREATE TRIGGER unaccepted_tasks_update AFTER UPDATE ON public.serve_task REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.unaccepted_tasks_update();
CREATE TRIGGER understand_attribute_bumps_names AFTER INSERT OR DELETE OR UPDATE OF code, name, name_en ON public.understand_attribute FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('names');
CREATE TRIGGER understand_attribute_bumps_names_truncate AFTER TRUNCATE ON public.understand_attribute FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('names');
CREATE TRIGGER understand_pricestudy_bumps_names AFTER INSERT OR DELETE OR UPDATE OF code, name, name_en ON public.understand_pricestudy FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('names');
CREATE TRIGGER understand_pricestudy_bumps_names_truncate AFTER TRUNCATE ON public.understand_pricestudy FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('names');
CREATE TRIGGER understand_segment_bumps_names AFTER INSERT OR DELETE OR UPDATE OF code, name, name_en ON public.understand_segment FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('names');
CREATE TRIGGER understand_segment_bumps_names_truncate AFTER TRUNCATE ON public.understand_segment FOR EACH STATEMENT EXECUTE FUNCTION public.guixin_bump_revision('names');
CREATE TRIGGER unrouted_cases_delete AFTER DELETE ON public.promise_clock REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.unrouted_cases_delete();
CREATE TRIGGER unrouted_cases_insert AFTER INSERT ON public.promise_clock REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.unrouted_cases_insert();
CREATE TRIGGER unrouted_cases_update AFTER UPDATE ON public.promise_clock REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.unrouted_cases_update();
CREATE TRIGGER waiting_cases_delete AFTER DELETE ON public.serve_case REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.waiting_cases_delete();
CREATE TRIGGER waiting_cases_insert AFTER INSERT ON public.serve_case REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.waiting_cases_insert();
CREATE TRIGGER waiting_cases_update AFTER UPDATE ON public.serve_case REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.waiting_cases_update();
CREATE TRIGGER waiting_escalations_delete AFTER DELETE ON public.promise_escalation REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.waiting_escalations_delete();
CREATE TRIGGER waiting_escalations_insert AFTER INSERT ON public.promise_escalation REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.waiting_escalations_insert();
CREATE TRIGGER waiting_escalations_update AFTER UPDATE ON public.promise_escalation REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.waiting_escalations_update();
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.channels_delivery
    ADD CONSTRAINT channels_delivery_outgoing_id_62f1dce1_fk_ledger_outgoing_id FOREIGN KEY (outgoing_id) REFERENCES public.ledger_outgoing(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.channels_delivery
    ADD CONSTRAINT channels_delivery_subscription_id_f5441e3f_fk_channels_ FOREIGN KEY (subscription_id) REFERENCES public.channels_subscription(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.channels_import
    ADD CONSTRAINT channels_import_by_id_85982b91_fk_organisation_person_id FOREIGN KEY (by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.channels_import
    ADD CONSTRAINT channels_import_repeats_id_dc91cbee_fk_channels_import_id FOREIGN KEY (repeats_id) REFERENCES public.channels_import(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.channels_importedline
    ADD CONSTRAINT channels_importedline_run_id_4c9d2f52_fk_channels_import_id FOREIGN KEY (run_id) REFERENCES public.channels_import(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.channels_notice
    ADD CONSTRAINT channels_notice_person_id_53d8137f_fk_organisation_person_id FOREIGN KEY (person_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.channels_subscription
    ADD CONSTRAINT channels_subscriptio_made_by_id_cded0b19_fk_organisat FOREIGN KEY (made_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.channels_told
    ADD CONSTRAINT channels_told_person_id_d8613138_fk_organisation_person_id FOREIGN KEY (person_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.handbook_article
    ADD CONSTRAINT handbook_article_owner_id_e167bcaa_fk_organisation_person_id FOREIGN KEY (owner_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.handbook_article
    ADD CONSTRAINT handbook_article_published_by_id_462c61e3_fk_organisat FOREIGN KEY (published_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.handbook_article
    ADD CONSTRAINT handbook_article_reviewed_by_id_5d7573ca_fk_organisat FOREIGN KEY (reviewed_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.handbook_article
    ADD CONSTRAINT handbook_article_written_by_id_c1fecd78_fk_organisat FOREIGN KEY (written_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.handbook_articlecase
    ADD CONSTRAINT handbook_articlecase_article_id_1121e0ec_fk_handbook_article_id FOREIGN KEY (article_id) REFERENCES public.handbook_article(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.handbook_articlecase
    ADD CONSTRAINT handbook_articlecase_by_id_e56a602a_fk_organisation_person_id FOREIGN KEY (by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.handbook_articlefile
    ADD CONSTRAINT handbook_articlefile_article_id_32714596_fk_handbook_article_id FOREIGN KEY (article_id) REFERENCES public.handbook_article(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.handbook_articlefile
    ADD CONSTRAINT handbook_articlefile_by_id_0973e800_fk_organisation_person_id FOREIGN KEY (by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.handbook_articleversion
    ADD CONSTRAINT handbook_articlevers_article_id_47cdfa85_fk_handbook_ FOREIGN KEY (article_id) REFERENCES public.handbook_article(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.handbook_articleversion
    ADD CONSTRAINT handbook_articlevers_by_id_d3bad242_fk_organisat FOREIGN KEY (by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.handbook_articlevote
    ADD CONSTRAINT handbook_articlevote_article_id_1d94da69_fk_handbook_article_id FOREIGN KEY (article_id) REFERENCES public.handbook_article(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.handbook_articlevote
    ADD CONSTRAINT handbook_articlevote_by_id_a524ea94_fk_organisation_person_id FOREIGN KEY (by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ledger_private
    ADD CONSTRAINT ledger_private_entry_id_8297372b_fk_ledger_entry_id FOREIGN KEY (entry_id) REFERENCES public.ledger_entry(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_absence
    ADD CONSTRAINT organisation_absence_deputy_id_cd648f3e_fk_organisat FOREIGN KEY (deputy_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_absence
    ADD CONSTRAINT organisation_absence_person_id_48de3694_fk_organisat FOREIGN KEY (person_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_apikey
    ADD CONSTRAINT organisation_apikey_person_id_e8446fc6_fk_organisat FOREIGN KEY (person_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_calendarshift
    ADD CONSTRAINT organisation_calenda_calendar_id_b474ef8c_fk_organisat FOREIGN KEY (calendar_id) REFERENCES public.organisation_calendar(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_calendar
    ADD CONSTRAINT organisation_calenda_holidays_id_3724193d_fk_organisat FOREIGN KEY (holidays_id) REFERENCES public.organisation_holidaylist(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_department
    ADD CONSTRAINT organisation_departm_calendar_id_89f0f06e_fk_organisat FOREIGN KEY (calendar_id) REFERENCES public.organisation_calendar(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_department
    ADD CONSTRAINT organisation_departm_parent_id_b5f50662_fk_organisat FOREIGN KEY (parent_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_grant
    ADD CONSTRAINT organisation_grant_department_id_e1d27141_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_grant
    ADD CONSTRAINT organisation_grant_matrix_id_ea8d638e_fk_organisation_matrix_id FOREIGN KEY (matrix_id) REFERENCES public.organisation_matrix(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_grant
    ADD CONSTRAINT organisation_grant_position_id_c799cb47_fk_organisat FOREIGN KEY (position_id) REFERENCES public.organisation_position(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_holidayyear
    ADD CONSTRAINT organisation_holiday_list_id_fa7aa28f_fk_organisat FOREIGN KEY (list_id) REFERENCES public.organisation_holidaylist(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_holidayday
    ADD CONSTRAINT organisation_holiday_year_id_9279e52f_fk_organisat FOREIGN KEY (year_id) REFERENCES public.organisation_holidayyear(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_lending
    ADD CONSTRAINT organisation_lending_borrower_id_a84af90a_fk_organisat FOREIGN KEY (borrower_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_lending
    ADD CONSTRAINT organisation_lending_lender_id_39d0e2dd_fk_organisat FOREIGN KEY (lender_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_matrix
    ADD CONSTRAINT organisation_matrix_published_by_id_67188a30_fk_organisat FOREIGN KEY (published_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_position
    ADD CONSTRAINT organisation_positio_department_id_26376e52_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_post
    ADD CONSTRAINT organisation_post_person_id_b861554e_fk_organisation_person_id FOREIGN KEY (person_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_post
    ADD CONSTRAINT organisation_post_position_id_7ca9a485_fk_organisat FOREIGN KEY (position_id) REFERENCES public.organisation_position(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_signinlink
    ADD CONSTRAINT organisation_signinl_made_by_id_2b6faeaf_fk_organisat FOREIGN KEY (made_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_signinlink
    ADD CONSTRAINT organisation_signinl_person_id_e3b46d53_fk_organisat FOREIGN KEY (person_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_use
    ADD CONSTRAINT organisation_use_asked_by_id_09fb3c8a_fk_organisation_person_id FOREIGN KEY (asked_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_use
    ADD CONSTRAINT organisation_use_decided_by_id_6e1a70af_fk_organisat FOREIGN KEY (decided_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_use
    ADD CONSTRAINT organisation_use_grant_id_713fd205_fk_organisation_grant_id FOREIGN KEY (grant_id) REFERENCES public.organisation_grant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_use
    ADD CONSTRAINT organisation_use_lending_id_e57f6161_fk_organisation_lending_id FOREIGN KEY (lending_id) REFERENCES public.organisation_lending(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.organisation_use
    ADD CONSTRAINT organisation_use_principal_id_a749b9dd_fk_organisat FOREIGN KEY (principal_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_authorityrequest
    ADD CONSTRAINT promise_authorityreq_asked_by_id_bc27f9dc_fk_organisat FOREIGN KEY (asked_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_authorityrequest
    ADD CONSTRAINT promise_authorityreq_decided_by_id_75e4afac_fk_organisat FOREIGN KEY (decided_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_authorityrequest
    ADD CONSTRAINT promise_authorityreq_department_id_48f69668_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_authorityrequest
    ADD CONSTRAINT promise_authorityreq_to_person_id_cf56a4bf_fk_organisat FOREIGN KEY (to_person_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_authorityrequest
    ADD CONSTRAINT promise_authorityrequest_use_id_813b9df9_fk_organisation_use_id FOREIGN KEY (use_id) REFERENCES public.organisation_use(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_authorityword
    ADD CONSTRAINT promise_authoritywor_request_id_3f392bf6_fk_promise_a FOREIGN KEY (request_id) REFERENCES public.promise_authorityrequest(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_authorityword
    ADD CONSTRAINT promise_authorityword_by_id_ea1810d0_fk_organisation_person_id FOREIGN KEY (by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_blueprint
    ADD CONSTRAINT promise_blueprint_department_id_36967996_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_blueprint
    ADD CONSTRAINT promise_blueprint_draft_changed_by_id_921c358c_fk_organisat FOREIGN KEY (draft_changed_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_blueprint
    ADD CONSTRAINT promise_blueprint_steward_id_48a380df_fk_organisation_person_id FOREIGN KEY (steward_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_blueprintversion
    ADD CONSTRAINT promise_blueprintver_blueprint_id_d616d6ec_fk_promise_b FOREIGN KEY (blueprint_id) REFERENCES public.promise_blueprint(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_blueprintversion
    ADD CONSTRAINT promise_blueprintver_published_by_id_34c04095_fk_organisat FOREIGN KEY (published_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_clock
    ADD CONSTRAINT promise_clock_calendar_id_38ba20f1_fk_organisation_calendar_id FOREIGN KEY (calendar_id) REFERENCES public.organisation_calendar(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_clock
    ADD CONSTRAINT promise_clock_department_id_7dcbb1e9_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_clock
    ADD CONSTRAINT promise_clock_holder_id_f5eec166_fk_organisation_person_id FOREIGN KEY (holder_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_clock
    ADD CONSTRAINT promise_clock_version_id_48a3ed54_fk_promise_standardversion_id FOREIGN KEY (version_id) REFERENCES public.promise_standardversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_communicationversion
    ADD CONSTRAINT promise_communicatio_calendar_id_4117dede_fk_organisat FOREIGN KEY (calendar_id) REFERENCES public.organisation_calendar(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_communicationplan
    ADD CONSTRAINT promise_communicatio_draft_by_id_9b7d6836_fk_organisat FOREIGN KEY (draft_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_communicationversion
    ADD CONSTRAINT promise_communicatio_plan_id_3d0d5953_fk_promise_c FOREIGN KEY (plan_id) REFERENCES public.promise_communicationplan(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_communicationversion
    ADD CONSTRAINT promise_communicatio_published_by_id_e990c695_fk_organisat FOREIGN KEY (published_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_communicationplan
    ADD CONSTRAINT promise_communicatio_segment_id_529e7a66_fk_understan FOREIGN KEY (segment_id) REFERENCES public.understand_segment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_communicationentry
    ADD CONSTRAINT promise_communicatio_version_id_b6f8e283_fk_promise_c FOREIGN KEY (version_id) REFERENCES public.promise_communicationversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_escalation
    ADD CONSTRAINT promise_escalation_acted_by_id_8f4ca370_fk_organisat FOREIGN KEY (acted_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_escalation
    ADD CONSTRAINT promise_escalation_clock_id_30570b11_fk_promise_clock_id FOREIGN KEY (clock_id) REFERENCES public.promise_clock(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_escalation
    ADD CONSTRAINT promise_escalation_department_id_12cfb4d6_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_escalation
    ADD CONSTRAINT promise_escalation_from_person_id_80931027_fk_organisat FOREIGN KEY (from_person_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_escalation
    ADD CONSTRAINT promise_escalation_to_person_id_d39fe98c_fk_organisat FOREIGN KEY (to_person_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_extension
    ADD CONSTRAINT promise_extension_asked_by_id_a2d428b7_fk_organisat FOREIGN KEY (asked_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_extension
    ADD CONSTRAINT promise_extension_authority_id_56ecbfad_fk_organisat FOREIGN KEY (authority_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_extension
    ADD CONSTRAINT promise_extension_clock_id_4b0a37d1_fk_promise_clock_id FOREIGN KEY (clock_id) REFERENCES public.promise_clock(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_extension
    ADD CONSTRAINT promise_extension_decided_by_id_d3d452e2_fk_organisat FOREIGN KEY (decided_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_messagereply
    ADD CONSTRAINT promise_messagereply_contact_id_6a778105_fk_understan FOREIGN KEY (contact_id) REFERENCES public.understand_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_messagereply
    ADD CONSTRAINT promise_messagereply_message_id_ca80a97b_fk_promise_p FOREIGN KEY (message_id) REFERENCES public.promise_planmessage(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_package
    ADD CONSTRAINT promise_package_segment_id_0a4301fc_fk_understand_segment_id FOREIGN KEY (segment_id) REFERENCES public.understand_segment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_packageversion
    ADD CONSTRAINT promise_packageversi_calendar_id_d9a17c13_fk_organisat FOREIGN KEY (calendar_id) REFERENCES public.organisation_calendar(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_packageversion
    ADD CONSTRAINT promise_packageversi_owner_id_ec3b31ba_fk_organisat FOREIGN KEY (owner_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_packageversion
    ADD CONSTRAINT promise_packageversi_package_id_5d58a27b_fk_promise_p FOREIGN KEY (package_id) REFERENCES public.promise_package(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_packageversion_standards
    ADD CONSTRAINT promise_packageversi_packageversion_id_54904206_fk_promise_p FOREIGN KEY (packageversion_id) REFERENCES public.promise_packageversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_packageversion
    ADD CONSTRAINT promise_packageversi_published_by_id_566f9a1a_fk_organisat FOREIGN KEY (published_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_packageversion_standards
    ADD CONSTRAINT promise_packageversi_standard_id_d9a38510_fk_promise_s FOREIGN KEY (standard_id) REFERENCES public.promise_standard(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_pause
    ADD CONSTRAINT promise_pause_clock_id_5387120c_fk_promise_clock_id FOREIGN KEY (clock_id) REFERENCES public.promise_clock(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_planmessage
    ADD CONSTRAINT promise_planmessage_contact_id_b47c5c2a_fk_understan FOREIGN KEY (contact_id) REFERENCES public.understand_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_planmessage
    ADD CONSTRAINT promise_planmessage_customer_id_2bf9b162_fk_understan FOREIGN KEY (customer_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_planmessage
    ADD CONSTRAINT promise_planmessage_entry_id_1a31b38b_fk_promise_c FOREIGN KEY (entry_id) REFERENCES public.promise_communicationentry(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_planmessage
    ADD CONSTRAINT promise_planmessage_plan_id_e50513b6_fk_promise_c FOREIGN KEY (plan_id) REFERENCES public.promise_communicationplan(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_proposal
    ADD CONSTRAINT promise_proposal_by_id_328d1d26_fk_organisation_person_id FOREIGN KEY (by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_proposal
    ADD CONSTRAINT promise_proposal_decided_by_id_f16d0864_fk_organisat FOREIGN KEY (decided_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_proposal
    ADD CONSTRAINT promise_proposal_department_id_74e64d66_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_proposal
    ADD CONSTRAINT promise_proposal_reviewer_id_819d08da_fk_organisation_person_id FOREIGN KEY (reviewer_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_proposal
    ADD CONSTRAINT promise_proposal_standard_id_06c75401_fk_promise_standard_id FOREIGN KEY (standard_id) REFERENCES public.promise_standard(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_proposal
    ADD CONSTRAINT promise_proposal_trial_department_id_462c5131_fk_organisat FOREIGN KEY (trial_department_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_proposal
    ADD CONSTRAINT promise_proposal_trial_version_id_77467984_fk_promise_s FOREIGN KEY (trial_version_id) REFERENCES public.promise_standardversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_proposal
    ADD CONSTRAINT promise_proposal_version_id_83a963bf_fk_promise_s FOREIGN KEY (version_id) REFERENCES public.promise_standardversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_standard
    ADD CONSTRAINT promise_standard_owner_id_3badfa02_fk_organisat FOREIGN KEY (owner_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_standardversion
    ADD CONSTRAINT promise_standardvers_calendar_id_ed2fd05c_fk_organisat FOREIGN KEY (calendar_id) REFERENCES public.organisation_calendar(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_standardversion
    ADD CONSTRAINT promise_standardvers_for_department_id_fbe85bb7_fk_organisat FOREIGN KEY (for_department_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_standardversion
    ADD CONSTRAINT promise_standardvers_proposed_by_id_3918a79d_fk_organisat FOREIGN KEY (proposed_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_standardversion
    ADD CONSTRAINT promise_standardvers_published_by_id_fd1d6c04_fk_organisat FOREIGN KEY (published_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_standardversion
    ADD CONSTRAINT promise_standardvers_standard_id_85019155_fk_promise_s FOREIGN KEY (standard_id) REFERENCES public.promise_standard(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_statement
    ADD CONSTRAINT promise_statement_department_id_ac12504e_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_statement
    ADD CONSTRAINT promise_statement_holder_id_7d273459_fk_organisation_person_id FOREIGN KEY (holder_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_statement_proposals
    ADD CONSTRAINT promise_statement_pr_proposal_id_f6ef4f33_fk_promise_p FOREIGN KEY (proposal_id) REFERENCES public.promise_proposal(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_statement_proposals
    ADD CONSTRAINT promise_statement_pr_statement_id_27472f50_fk_promise_s FOREIGN KEY (statement_id) REFERENCES public.promise_statement(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_statement
    ADD CONSTRAINT promise_statement_said_by_id_54f7cbe8_fk_organisation_person_id FOREIGN KEY (said_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_strategycycle
    ADD CONSTRAINT promise_strategycycl_begun_by_id_35066bdf_fk_organisat FOREIGN KEY (begun_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_strategycycle
    ADD CONSTRAINT promise_strategycycl_reviewed_by_id_05aebd7b_fk_organisat FOREIGN KEY (reviewed_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_strategycycle
    ADD CONSTRAINT promise_strategycycl_segment_id_c409c18f_fk_understan FOREIGN KEY (segment_id) REFERENCES public.understand_segment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_strategyevidence
    ADD CONSTRAINT promise_strategyevid_added_by_id_bb1371e7_fk_organisat FOREIGN KEY (added_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_strategyevidence
    ADD CONSTRAINT promise_strategyevid_step_id_5b785b5b_fk_promise_s FOREIGN KEY (step_id) REFERENCES public.promise_strategystep(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_strategystep
    ADD CONSTRAINT promise_strategystep_cycle_id_c27eacb2_fk_promise_s FOREIGN KEY (cycle_id) REFERENCES public.promise_strategycycle(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_strategystep
    ADD CONSTRAINT promise_strategystep_done_by_id_607df998_fk_organisat FOREIGN KEY (done_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_strategystep
    ADD CONSTRAINT promise_strategystep_owner_id_aed9c139_fk_organisat FOREIGN KEY (owner_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_strategytask
    ADD CONSTRAINT promise_strategytask_carried_from_id_d3db5b7f_fk_promise_s FOREIGN KEY (carried_from_id) REFERENCES public.promise_strategytask(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_strategytask
    ADD CONSTRAINT promise_strategytask_done_by_id_4a51a4e2_fk_organisat FOREIGN KEY (done_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_strategytask
    ADD CONSTRAINT promise_strategytask_owner_id_f05f2f2f_fk_organisat FOREIGN KEY (owner_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_strategytask
    ADD CONSTRAINT promise_strategytask_step_id_99861e37_fk_promise_s FOREIGN KEY (step_id) REFERENCES public.promise_strategystep(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_visitrhythm
    ADD CONSTRAINT promise_visitrhythm_customer_id_b98b501a_fk_understan FOREIGN KEY (customer_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_visitrhythm
    ADD CONSTRAINT promise_visitrhythm_owner_id_74f8f357_fk_organisation_person_id FOREIGN KEY (owner_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_visitrhythm
    ADD CONSTRAINT promise_visitrhythm_package_id_a41eb372_fk_promise_package_id FOREIGN KEY (package_id) REFERENCES public.promise_package(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.promise_visitrhythm
    ADD CONSTRAINT promise_visitrhythm_series_id_ff5f7a91_fk_understan FOREIGN KEY (series_id) REFERENCES public.understand_contactplan(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_attachment
    ADD CONSTRAINT serve_attachment_by_id_d2cca1d5_fk_organisation_person_id FOREIGN KEY (by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_attachment
    ADD CONSTRAINT serve_attachment_case_id_6fadaf84_fk_serve_case_id FOREIGN KEY (case_id) REFERENCES public.serve_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_attachment
    ADD CONSTRAINT serve_attachment_message_id_89308133_fk_serve_message_id FOREIGN KEY (message_id) REFERENCES public.serve_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_attachment
    ADD CONSTRAINT serve_attachment_task_id_b79af760_fk_serve_task_id FOREIGN KEY (task_id) REFERENCES public.serve_task(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_bulkchange
    ADD CONSTRAINT serve_bulkchange_by_id_7964be03_fk_organisation_person_id FOREIGN KEY (by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_bulkchange
    ADD CONSTRAINT serve_bulkchange_undone_by_id_e4390cf0_fk_organisat FOREIGN KEY (undone_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_bulkitem
    ADD CONSTRAINT serve_bulkitem_case_id_b4197456_fk_serve_case_id FOREIGN KEY (case_id) REFERENCES public.serve_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_bulkitem
    ADD CONSTRAINT serve_bulkitem_change_id_0fe37c89_fk_serve_bulkchange_id FOREIGN KEY (change_id) REFERENCES public.serve_bulkchange(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_case
    ADD CONSTRAINT serve_case_customer_id_31999d58_fk_understand_customer_id FOREIGN KEY (customer_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_case
    ADD CONSTRAINT serve_case_department_id_8863c2f0_fk_organisation_department_id FOREIGN KEY (department_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_case
    ADD CONSTRAINT serve_case_merged_into_id_f6155174_fk_serve_case_id FOREIGN KEY (merged_into_id) REFERENCES public.serve_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_case
    ADD CONSTRAINT serve_case_opinion_point_id_c921b567_fk_serve_opinionpoint_id FOREIGN KEY (opinion_point_id) REFERENCES public.serve_opinionpoint(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_case
    ADD CONSTRAINT serve_case_owner_id_ac5d012c_fk_organisation_person_id FOREIGN KEY (owner_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_case
    ADD CONSTRAINT serve_case_package_id_a3e21d2f_fk_promise_packageversion_id FOREIGN KEY (package_id) REFERENCES public.promise_packageversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_case
    ADD CONSTRAINT serve_case_requested_by_id_cd12ca3b_fk_organisat FOREIGN KEY (requested_by_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_case
    ADD CONSTRAINT serve_case_segment_id_ee7ced3d_fk_understand_segment_id FOREIGN KEY (segment_id) REFERENCES public.understand_segment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_caseform
    ADD CONSTRAINT serve_caseform_draft_changed_by_id_d208fc88_fk_organisat FOREIGN KEY (draft_changed_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_caseformversion
    ADD CONSTRAINT serve_caseformversio_published_by_id_1955b5ab_fk_organisat FOREIGN KEY (published_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_caseformversion
    ADD CONSTRAINT serve_caseformversion_form_id_9e39b694_fk_serve_caseform_id FOREIGN KEY (form_id) REFERENCES public.serve_caseform(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_caselink
    ADD CONSTRAINT serve_caselink_case_id_354f831a_fk_serve_case_id FOREIGN KEY (case_id) REFERENCES public.serve_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_caselink
    ADD CONSTRAINT serve_caselink_made_by_id_6ccc80cf_fk_organisation_person_id FOREIGN KEY (made_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_caselink
    ADD CONSTRAINT serve_caselink_other_id_524294c8_fk_serve_case_id FOREIGN KEY (other_id) REFERENCES public.serve_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_closing
    ADD CONSTRAINT serve_closing_by_id_ba8ab8f0_fk_organisation_person_id FOREIGN KEY (by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_closing
    ADD CONSTRAINT serve_closing_case_id_29647de6_fk_serve_case_id FOREIGN KEY (case_id) REFERENCES public.serve_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_closing
    ADD CONSTRAINT serve_closing_department_id_f7b90125_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_draft
    ADD CONSTRAINT serve_draft_case_id_597def16_fk_serve_case_id FOREIGN KEY (case_id) REFERENCES public.serve_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_draft
    ADD CONSTRAINT serve_draft_person_id_4f48dfe4_fk_organisation_person_id FOREIGN KEY (person_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_draftfile
    ADD CONSTRAINT serve_draftfile_case_id_319611b5_fk_serve_case_id FOREIGN KEY (case_id) REFERENCES public.serve_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_draftfile
    ADD CONSTRAINT serve_draftfile_held_id_5eb33ebd_fk_serve_heldreply_id FOREIGN KEY (held_id) REFERENCES public.serve_heldreply(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_draftfile
    ADD CONSTRAINT serve_draftfile_person_id_7c8fdc30_fk_organisation_person_id FOREIGN KEY (person_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_emergency
    ADD CONSTRAINT serve_emergency_by_id_6e1578ea_fk_organisation_person_id FOREIGN KEY (by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_emergency
    ADD CONSTRAINT serve_emergency_case_id_33045be0_fk_serve_case_id FOREIGN KEY (case_id) REFERENCES public.serve_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_emergency
    ADD CONSTRAINT serve_emergency_in_hand_by_id_450cb156_fk_organisat FOREIGN KEY (in_hand_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_emergency
    ADD CONSTRAINT serve_emergency_request_id_47ac4858_fk_promise_a FOREIGN KEY (request_id) REFERENCES public.promise_authorityrequest(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_emergency
    ADD CONSTRAINT serve_emergency_reviewed_by_id_90014ff2_fk_organisat FOREIGN KEY (reviewed_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_emergency
    ADD CONSTRAINT serve_emergency_reviewer_id_abceb3c1_fk_organisation_person_id FOREIGN KEY (reviewer_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_emergency
    ADD CONSTRAINT serve_emergency_use_id_35e15329_fk_organisation_use_id FOREIGN KEY (use_id) REFERENCES public.organisation_use(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_filledform
    ADD CONSTRAINT serve_filledform_by_id_81909d6e_fk_organisation_person_id FOREIGN KEY (by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_filledform
    ADD CONSTRAINT serve_filledform_case_id_8bfefdb2_fk_serve_case_id FOREIGN KEY (case_id) REFERENCES public.serve_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_filledform
    ADD CONSTRAINT serve_filledform_version_id_20e22b37_fk_serve_cas FOREIGN KEY (version_id) REFERENCES public.serve_caseformversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_firstcontact
    ADD CONSTRAINT serve_firstcontact_article_id_29f028d5_fk_handbook_article_id FOREIGN KEY (article_id) REFERENCES public.handbook_article(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_firstcontact
    ADD CONSTRAINT serve_firstcontact_by_id_3e1cee40_fk_organisation_person_id FOREIGN KEY (by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_firstcontact
    ADD CONSTRAINT serve_firstcontact_case_id_77b129ab_fk_serve_case_id FOREIGN KEY (case_id) REFERENCES public.serve_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_followup
    ADD CONSTRAINT serve_followup_case_id_500f7425_fk_serve_case_id FOREIGN KEY (case_id) REFERENCES public.serve_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_followup
    ADD CONSTRAINT serve_followup_department_at_fault__bc9c7156_fk_organisat FOREIGN KEY (department_at_fault_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_followup
    ADD CONSTRAINT serve_followup_done_by_id_ab9e516e_fk_organisation_person_id FOREIGN KEY (done_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_followup
    ADD CONSTRAINT serve_followup_holder_id_00b76683_fk_organisation_person_id FOREIGN KEY (holder_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_goodwill
    ADD CONSTRAINT serve_goodwill_by_id_e0bb2ad5_fk_organisation_person_id FOREIGN KEY (by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_goodwill
    ADD CONSTRAINT serve_goodwill_case_id_d44ee257_fk_serve_case_id FOREIGN KEY (case_id) REFERENCES public.serve_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_goodwill
    ADD CONSTRAINT serve_goodwill_request_id_01a26397_fk_promise_a FOREIGN KEY (request_id) REFERENCES public.promise_authorityrequest(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_goodwill
    ADD CONSTRAINT serve_goodwill_use_id_dac3570b_fk_organisation_use_id FOREIGN KEY (use_id) REFERENCES public.organisation_use(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_heldreply
    ADD CONSTRAINT serve_heldreply_by_id_9a9952c9_fk_organisation_person_id FOREIGN KEY (by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_heldreply
    ADD CONSTRAINT serve_heldreply_case_id_add06692_fk_serve_case_id FOREIGN KEY (case_id) REFERENCES public.serve_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_heldreply
    ADD CONSTRAINT serve_heldreply_message_id_67e6190f_fk_serve_message_id FOREIGN KEY (message_id) REFERENCES public.serve_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_heldreply
    ADD CONSTRAINT serve_heldreply_template_id_07e330be_fk_serve_template_id FOREIGN KEY (template_id) REFERENCES public.serve_template(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_intakestep
    ADD CONSTRAINT serve_intakestep_department_id_e12f132e_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_intakestep
    ADD CONSTRAINT serve_intakestep_template_id_5a484a91_fk_serve_int FOREIGN KEY (template_id) REFERENCES public.serve_intaketemplate(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_message
    ADD CONSTRAINT serve_message_answers_id_bcb7040d_fk_serve_message_id FOREIGN KEY (answers_id) REFERENCES public.serve_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_message
    ADD CONSTRAINT serve_message_by_id_c38d1b5d_fk_organisation_person_id FOREIGN KEY (by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_message
    ADD CONSTRAINT serve_message_case_id_8406d1d5_fk_serve_case_id FOREIGN KEY (case_id) REFERENCES public.serve_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_message
    ADD CONSTRAINT serve_message_task_id_c9948f01_fk_serve_task_id FOREIGN KEY (task_id) REFERENCES public.serve_task(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_opinionpoint
    ADD CONSTRAINT serve_opinionpoint_department_id_a309c317_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_reopening
    ADD CONSTRAINT serve_reopening_by_id_933e992d_fk_organisation_person_id FOREIGN KEY (by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_reopening
    ADD CONSTRAINT serve_reopening_case_id_a5e01ae8_fk_serve_case_id FOREIGN KEY (case_id) REFERENCES public.serve_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_routing
    ADD CONSTRAINT serve_routing_by_id_9e24d619_fk_organisation_person_id FOREIGN KEY (by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_routing
    ADD CONSTRAINT serve_routing_case_id_95abe841_fk_serve_case_id FOREIGN KEY (case_id) REFERENCES public.serve_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_routing
    ADD CONSTRAINT serve_routing_rule_id_b203e238_fk_serve_routingrule_id FOREIGN KEY (rule_id) REFERENCES public.serve_routingrule(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_routingrule
    ADD CONSTRAINT serve_routingrule_published_by_id_411c8eff_fk_organisat FOREIGN KEY (published_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_routingstep
    ADD CONSTRAINT serve_routingstep_department_id_672bd30b_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_routingstep
    ADD CONSTRAINT serve_routingstep_rule_id_6a751537_fk_serve_routingrule_id FOREIGN KEY (rule_id) REFERENCES public.serve_routingrule(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_ruledraft
    ADD CONSTRAINT serve_ruledraft_changed_by_id_9d44962d_fk_organisat FOREIGN KEY (changed_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_savedview
    ADD CONSTRAINT serve_savedview_department_id_84ca0228_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_savedview
    ADD CONSTRAINT serve_savedview_owner_id_5a1ca633_fk_organisation_person_id FOREIGN KEY (owner_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_simulatedpromise
    ADD CONSTRAINT serve_simulatedpromi_simulation_id_1baa1306_fk_serve_sim FOREIGN KEY (simulation_id) REFERENCES public.serve_simulation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_simulation
    ADD CONSTRAINT serve_simulation_by_id_bb54f0ba_fk_organisation_person_id FOREIGN KEY (by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_simulation
    ADD CONSTRAINT serve_simulation_standard_id_76648478_fk_promise_standard_id FOREIGN KEY (standard_id) REFERENCES public.promise_standard(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_snooze
    ADD CONSTRAINT serve_snooze_case_id_5582c206_fk_serve_case_id FOREIGN KEY (case_id) REFERENCES public.serve_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_snooze
    ADD CONSTRAINT serve_snooze_person_id_e28a1da6_fk_organisation_person_id FOREIGN KEY (person_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_task
    ADD CONSTRAINT serve_task_case_id_68c28ec1_fk_serve_case_id FOREIGN KEY (case_id) REFERENCES public.serve_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_task
    ADD CONSTRAINT serve_task_department_id_23373efd_fk_organisation_department_id FOREIGN KEY (department_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_task
    ADD CONSTRAINT serve_task_handler_id_dc651e86_fk_organisation_person_id FOREIGN KEY (handler_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_template
    ADD CONSTRAINT serve_template_at_fault_id_ed9da36a_fk_organisat FOREIGN KEY (at_fault_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_template
    ADD CONSTRAINT serve_template_department_id_76446df5_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_template
    ADD CONSTRAINT serve_template_task_for_id_7595c855_fk_organisat FOREIGN KEY (task_for_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_transfer
    ADD CONSTRAINT serve_transfer_by_id_a1c3fd30_fk_organisation_person_id FOREIGN KEY (by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_transfer
    ADD CONSTRAINT serve_transfer_from_department_id_5ce7aa6f_fk_organisat FOREIGN KEY (from_department_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_transfer
    ADD CONSTRAINT serve_transfer_task_id_e96e82e3_fk_serve_task_id FOREIGN KEY (task_id) REFERENCES public.serve_task(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_transfer
    ADD CONSTRAINT serve_transfer_to_department_id_60876a96_fk_organisat FOREIGN KEY (to_department_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_viewcount
    ADD CONSTRAINT serve_viewcount_person_id_65872f89_fk_organisation_person_id FOREIGN KEY (person_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_watch
    ADD CONSTRAINT serve_watch_case_id_23728953_fk_serve_case_id FOREIGN KEY (case_id) REFERENCES public.serve_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.serve_watch
    ADD CONSTRAINT serve_watch_person_id_731861b8_fk_organisation_person_id FOREIGN KEY (person_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_attributevalue
    ADD CONSTRAINT understand_attribute_attribute_id_2af827c4_fk_understan FOREIGN KEY (attribute_id) REFERENCES public.understand_attribute(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_attributevalue
    ADD CONSTRAINT understand_attribute_customer_id_8b8644bc_fk_understan FOREIGN KEY (customer_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_consent
    ADD CONSTRAINT understand_consent_customer_id_65092f97_fk_understan FOREIGN KEY (customer_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_consent
    ADD CONSTRAINT understand_consent_given_by_id_16027b0b_fk_organisat FOREIGN KEY (given_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_consent
    ADD CONSTRAINT understand_consent_withdrawn_by_id_251ac79e_fk_organisat FOREIGN KEY (withdrawn_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_consent
    ADD CONSTRAINT understand_consent_wording_id_4575c3c9_fk_understan FOREIGN KEY (wording_id) REFERENCES public.understand_consentwording(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_consentwording
    ADD CONSTRAINT understand_consentwo_published_by_id_fa691926_fk_organisat FOREIGN KEY (published_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_contact
    ADD CONSTRAINT understand_contact_customer_id_5b825fdb_fk_understan FOREIGN KEY (customer_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_contact
    ADD CONSTRAINT understand_contact_owner_id_735016e1_fk_organisation_person_id FOREIGN KEY (owner_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_contact
    ADD CONSTRAINT understand_contact_person_id_c5448e5d_fk_understand_customer_id FOREIGN KEY (person_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_contact
    ADD CONSTRAINT understand_contact_plan_id_582b2fd4_fk_understan FOREIGN KEY (plan_id) REFERENCES public.understand_contactplan(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_contact
    ADD CONSTRAINT understand_contact_raised_to_id_7059745f_fk_organisat FOREIGN KEY (raised_to_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_contactperson
    ADD CONSTRAINT understand_contactpe_company_id_8932f6f8_fk_understan FOREIGN KEY (company_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_contactperson
    ADD CONSTRAINT understand_contactpe_person_id_bc59e41f_fk_understan FOREIGN KEY (person_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_contactplan
    ADD CONSTRAINT understand_contactpl_customer_id_4d521c9d_fk_understan FOREIGN KEY (customer_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_contactplan
    ADD CONSTRAINT understand_contactpl_made_by_id_3040053f_fk_organisat FOREIGN KEY (made_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_contactplan
    ADD CONSTRAINT understand_contactpl_owner_id_4ac2dbc5_fk_organisat FOREIGN KEY (owner_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_customer
    ADD CONSTRAINT understand_customer_merged_into_id_e921a46b_fk_understan FOREIGN KEY (merged_into_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_customer
    ADD CONSTRAINT understand_customer_owner_id_9c12bd01_fk_organisation_person_id FOREIGN KEY (owner_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_customer
    ADD CONSTRAINT understand_customer_segment_id_68dcccbf_fk_understan FOREIGN KEY (segment_id) REFERENCES public.understand_segment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_customer
    ADD CONSTRAINT understand_customer_works_at_id_5e6e8383_fk_understan FOREIGN KEY (works_at_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_customerworth
    ADD CONSTRAINT understand_customerw_customer_id_389178fa_fk_understan FOREIGN KEY (customer_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_customerworth
    ADD CONSTRAINT understand_customerw_grading_id_60e39833_fk_understan FOREIGN KEY (grading_id) REFERENCES public.understand_grading(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_graderules
    ADD CONSTRAINT understand_graderule_published_by_id_76ab7748_fk_organisat FOREIGN KEY (published_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_graderules
    ADD CONSTRAINT understand_graderule_written_by_id_846b2ab6_fk_organisat FOREIGN KEY (written_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_grading
    ADD CONSTRAINT understand_grading_rules_id_b7775f59_fk_understan FOREIGN KEY (rules_id) REFERENCES public.understand_graderules(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_identity
    ADD CONSTRAINT understand_identity_customer_id_4cc6d204_fk_understan FOREIGN KEY (customer_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_knowledgeuse
    ADD CONSTRAINT understand_knowledge_by_id_f0989b6a_fk_organisat FOREIGN KEY (by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_knowledge
    ADD CONSTRAINT understand_knowledge_captured_by_id_45e705e2_fk_organisat FOREIGN KEY (captured_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_knowledgeuse
    ADD CONSTRAINT understand_knowledge_customer_id_08d3a053_fk_understan FOREIGN KEY (customer_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_knowledge
    ADD CONSTRAINT understand_knowledge_customer_id_9c46248a_fk_understan FOREIGN KEY (customer_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_knowledgeshare
    ADD CONSTRAINT understand_knowledge_department_id_37826fec_fk_organisat FOREIGN KEY (department_id) REFERENCES public.organisation_department(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_knowledge
    ADD CONSTRAINT understand_knowledge_judged_by_id_37047dc4_fk_organisat FOREIGN KEY (judged_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_knowledgeversion
    ADD CONSTRAINT understand_knowledge_knowledge_id_9c8a1846_fk_understan FOREIGN KEY (knowledge_id) REFERENCES public.understand_knowledge(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_knowledgeshare
    ADD CONSTRAINT understand_knowledge_knowledge_id_bef12a13_fk_understan FOREIGN KEY (knowledge_id) REFERENCES public.understand_knowledge(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_knowledgeuse
    ADD CONSTRAINT understand_knowledge_knowledge_id_fa3c6929_fk_understan FOREIGN KEY (knowledge_id) REFERENCES public.understand_knowledge(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_knowledgereading
    ADD CONSTRAINT understand_knowledge_person_id_a29fede0_fk_organisat FOREIGN KEY (person_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_knowledgeversion
    ADD CONSTRAINT understand_knowledge_replaced_by_id_042339f3_fk_organisat FOREIGN KEY (replaced_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_knowledge
    ADD CONSTRAINT understand_knowledge_reviewed_by_id_a6383d87_fk_organisat FOREIGN KEY (reviewed_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_knowledge
    ADD CONSTRAINT understand_knowledge_segment_id_3d265c75_fk_understan FOREIGN KEY (segment_id) REFERENCES public.understand_segment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_knowledgereading
    ADD CONSTRAINT understand_knowledge_share_id_73ab5a71_fk_understan FOREIGN KEY (share_id) REFERENCES public.understand_knowledgeshare(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_knowledgeshare
    ADD CONSTRAINT understand_knowledge_shared_by_id_37200a0d_fk_organisat FOREIGN KEY (shared_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_membership
    ADD CONSTRAINT understand_membershi_customer_id_8154d804_fk_understan FOREIGN KEY (customer_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_membership
    ADD CONSTRAINT understand_membershi_segment_id_39471df1_fk_understan FOREIGN KEY (segment_id) REFERENCES public.understand_segment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_merge
    ADD CONSTRAINT understand_merge_by_id_c46d6ba2_fk_organisation_person_id FOREIGN KEY (by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_merge
    ADD CONSTRAINT understand_merge_kept_id_2eb92683_fk_understand_customer_id FOREIGN KEY (kept_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_merge
    ADD CONSTRAINT understand_merge_merged_id_65296584_fk_understand_customer_id FOREIGN KEY (merged_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_merge
    ADD CONSTRAINT understand_merge_undone_by_id_b6ceeaa5_fk_organisat FOREIGN KEY (undone_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_need
    ADD CONSTRAINT understand_need_customer_id_2b2212f1_fk_understand_customer_id FOREIGN KEY (customer_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_need
    ADD CONSTRAINT understand_need_noted_by_id_adee5a87_fk_organisation_person_id FOREIGN KEY (noted_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_need
    ADD CONSTRAINT understand_need_said_by_id_7f2e527e_fk_understand_customer_id FOREIGN KEY (said_by_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_pair
    ADD CONSTRAINT understand_pair_decided_by_id_12ed4db8_fk_organisat FOREIGN KEY (decided_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_pair
    ADD CONSTRAINT understand_pair_first_id_51eb6f2b_fk_understand_customer_id FOREIGN KEY (first_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_pair
    ADD CONSTRAINT understand_pair_second_id_73a250e2_fk_understand_customer_id FOREIGN KEY (second_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_priceanswer
    ADD CONSTRAINT understand_priceansw_customer_id_bc45b7ae_fk_understan FOREIGN KEY (customer_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_priceanswer
    ADD CONSTRAINT understand_priceansw_noted_by_id_7474dd0f_fk_organisat FOREIGN KEY (noted_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_priceanswer
    ADD CONSTRAINT understand_priceansw_struck_by_id_97495742_fk_organisat FOREIGN KEY (struck_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_priceanswer
    ADD CONSTRAINT understand_priceansw_study_id_016a5003_fk_understan FOREIGN KEY (study_id) REFERENCES public.understand_pricestudy(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_priceobservation
    ADD CONSTRAINT understand_priceobse_noted_by_id_a3b6bf18_fk_organisat FOREIGN KEY (noted_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_priceobservation
    ADD CONSTRAINT understand_priceobse_study_id_7752ee40_fk_understan FOREIGN KEY (study_id) REFERENCES public.understand_pricestudy(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_pricestudy
    ADD CONSTRAINT understand_pricestud_owner_id_3348f8e3_fk_organisat FOREIGN KEY (owner_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_pricestudy
    ADD CONSTRAINT understand_pricestud_segment_id_b59442fe_fk_understan FOREIGN KEY (segment_id) REFERENCES public.understand_segment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_purchase
    ADD CONSTRAINT understand_purchase_customer_id_e8835a6c_fk_understan FOREIGN KEY (customer_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_purchase
    ADD CONSTRAINT understand_purchase_product_id_f68376cb_fk_understan FOREIGN KEY (product_id) REFERENCES public.understand_product(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_purchase
    ADD CONSTRAINT understand_purchase_takes_back_id_61908c96_fk_understan FOREIGN KEY (takes_back_id) REFERENCES public.understand_purchase(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_rate
    ADD CONSTRAINT understand_rate_set_by_id_024a3542_fk_organisation_person_id FOREIGN KEY (set_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_segment
    ADD CONSTRAINT understand_segment_draft_by_id_cf3e0e58_fk_organisat FOREIGN KEY (draft_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_segment
    ADD CONSTRAINT understand_segment_owner_id_4eab8e08_fk_organisation_person_id FOREIGN KEY (owner_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_segmentcheck
    ADD CONSTRAINT understand_segmentch_customer_id_eb20bfe0_fk_understan FOREIGN KEY (customer_id) REFERENCES public.understand_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_segmentday
    ADD CONSTRAINT understand_segmentda_segment_id_8fd28e1f_fk_understan FOREIGN KEY (segment_id) REFERENCES public.understand_segment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_segmentversion
    ADD CONSTRAINT understand_segmentve_published_by_id_36b2e400_fk_organisat FOREIGN KEY (published_by_id) REFERENCES public.organisation_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.understand_segmentversion
    ADD CONSTRAINT understand_segmentve_segment_id_063573e6_fk_understan FOREIGN KEY (segment_id) REFERENCES public.understand_segment(id) DEFERRABLE INITIALLY DEFERRED;

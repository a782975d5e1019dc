"""What PostgreSQL says a database is made of, as sets of lines to compare: it sees what alembic's comparison misses."""

from __future__ import annotations

from collections.abc import Mapping

import asyncpg

Catalogue = Mapping[str, frozenset[str]]

# Not null is a constraint of its own from version 18 on; the columns show it everywhere.
_QUERIES: Mapping[str, str] = {
    "columns": """
        select format('%I.%I %s%s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                 case when a.attnotnull then ' not null' else '' end,
                 case a.attgenerated when '' then '' else ' generated ' || a.attgenerated::text end,
                 coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), ''))
          from pg_attribute a join pg_class c on c.oid = a.attrelid
          left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'c', 'p')
           and a.attnum > 0 and not a.attisdropped and c.relname <> 'alembic_version'""",
    "constraints": """
        select format('%s %s %s%s', x.conrelid::regclass, x.conname, pg_get_constraintdef(x.oid),
                      case when x.convalidated then '' else ' NOT VALID' end)
          from pg_constraint x
         where x.connamespace = 'public'::regnamespace and x.contype <> 'n'
           and x.conrelid <> coalesce(to_regclass('public.alembic_version'), 0)""",
    "indexes": """
        select i.indexdef || case when x.indisvalid then '' else ' INVALID' end
          from pg_indexes i join pg_index x on x.indexrelid = format('%I.%I', i.schemaname, i.indexname)::regclass
         where i.schemaname = 'public' and i.tablename <> 'alembic_version'""",
    "tables": """
        select format('%s %s owner %s rls %s forced %s options %s grants %s', c.relkind, c.relname,
                 c.relowner::regrole, c.relrowsecurity, c.relforcerowsecurity, c.reloptions,
                 (select array_agg(g::text order by g::text) from unnest(c.relacl) g))
          from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'p', 'm', 'S')
           and c.relname <> 'alembic_version'""",
    "views": """
        select format('%s %s', viewname, definition) from pg_views where schemaname = 'public'""",
    "policies": """
        select format('%s %s %s %s %s using %s check %s', tablename, policyname, permissive, roles, cmd, qual,
                      with_check)
          from pg_policies where schemaname = 'public'""",
    "triggers": """
        select format('%s enabled %s', pg_get_triggerdef(t.oid), t.tgenabled)
          from pg_trigger t join pg_class c on c.oid = t.tgrelid
         where not t.tgisinternal and c.relnamespace = 'public'::regnamespace""",
    "functions": """
        select format('%s owner %s definer %s volatile %s strict %s config %s grants %s body %s',
                 p.oid::regprocedure, p.proowner::regrole, p.prosecdef, p.provolatile, p.proisstrict, p.proconfig,
                 (select array_agg(g::text order by g::text) from unnest(p.proacl) g),
                 encode(sha256(convert_to(pg_get_functiondef(p.oid), 'UTF8')), 'hex'))
          from pg_proc p where p.pronamespace = 'public'::regnamespace""",
    "schema": """
        select format('owner %s grants %s', n.nspowner::regrole,
                 (select array_agg(g::text order by g::text) from unnest(n.nspacl) g))
          from pg_namespace n where n.nspname = 'public'
        union all
        select format('default %s %s %s', d.defaclrole::regrole, d.defaclobjtype, d.defaclacl) from pg_default_acl d""",
}


async def catalogue(connection: asyncpg.Connection) -> Catalogue:
    """Every object of the schema `public` with all that matters about it."""
    return {name: frozenset(row[0] for row in await connection.fetch(query)) for name, query in _QUERIES.items()}


def differences(left: Catalogue, right: Catalogue) -> list[str]:
    """What one has and the other has not; empty when they are equal."""
    return [
        f"{sign} {name}: {line}"
        for name in _QUERIES
        for sign, lines in (("-", left[name] - right[name]), ("+", right[name] - left[name]))
        for line in sorted(lines)
    ]

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';
import { openRoleSessions, ROLES, type Role, type RoleSessions, refusalOf } from './role-sessions.js';

/** Roles that a user of one role has by it. */
const INCLUDES: Readonly<Record<Role, readonly string[]>> = {
  LOS_READ: ['LOS_READ'],
  LOS_PATIENTS: ['LOS_PATIENTS', 'LOS_READ'],
  LOS_RUN: ['LOS_RUN', 'LOS_READ'],
  LOS_OPERATE: ['LOS_OPERATE', 'LOS_RUN', 'LOS_READ'],
  LOS_DEPLOY: [...ROLES, 'LOS_PLAN'],
};

/** A line of a list, or of a table: roles, then names of objects. */
const LINE = /^(?:- |\| )([^`\n]*LOS_[^`\n]*?)(?::| \|) (`\w+`(?:,\s+`\w+`)*)/gm;

/** Who may use what, as docs/reference/access.md has it, by heading: name → the least roles. */
function accessPage(): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  const text = readFileSync(join(projectRoot, 'docs/reference/access.md'), 'utf8');
  const sections = text.split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const names = new Map<string, string[]>();
      // A table is written as a list where it is too wide.
      for (const [, roles, list] of section.matchAll(LINE))
        for (const [, name] of (list ?? '').matchAll(/`([A-Z_]+)`/g))
          names.set(name!, [...(names.get(name!) ?? []), ...(roles!.match(/LOS_[A-Z]+/g) ?? [])]);
      return [section.split('\n')[0]!, names];
    }),
  );
}

/** What is tried on each kind of object beside what its readers may do, and is for the owner alone. */
const TABLE = (name: string) => [
  `INSERT INTO ${name} SELECT * FROM ${name} WHERE FALSE`,
  `DELETE FROM ${name} WHERE FALSE`,
  `TRUNCATE TABLE ${name}`,
  `DROP TABLE ${name}`,
  `ALTER TABLE ${name} ADD COLUMN OWN_COLUMN NUMBER`,
  `ALTER TABLE ${name} RENAME TO OWN_TABLE`,
  `CREATE OR REPLACE TABLE ${name} (X NUMBER)`,
  `COPY INTO ${name} FROM @~/none`,
  `GRANT SELECT ON TABLE ${name} TO ROLE PUBLIC`,
];
const VIEW = (name: string) => [
  `DROP VIEW ${name}`,
  `CREATE OR REPLACE VIEW ${name} AS SELECT 1 AS X`,
  `GRANT SELECT ON VIEW ${name} TO ROLE PUBLIC`,
];

describe('each role and each object', () => {
  let sessions: RoleSessions;
  const page = accessPage();
  before(async () => {
    sessions = await openRoleSessions();
  });
  after(() => sessions?.close());

  const show = async (what: string): Promise<{ name: string; arguments: string }[]> =>
    (await sessions.as.LOS_DEPLOY.query(`SHOW ${what} IN SCHEMA PREDICT_LOS.LOS`)).map((row) => ({
      name: String(row.name),
      arguments: String(row.arguments ?? ''),
    }));
  const mayBy = (heading: string, name: string, role: Role): boolean =>
    (page.get(heading)?.get(name) ?? []).some((least) => INCLUDES[role].includes(least));
  const expectSame = async (role: Role, sql: string, may: boolean) => {
    const refusal = await refusalOf(sessions.as[role], sql);
    expect(refusal === undefined, `${role}: ${sql}: ${refusal ?? 'done'}`).to.equal(may);
  };
  /** The owner would carry it out. */
  const BELOW: readonly Role[] = ['LOS_READ', 'LOS_PATIENTS', 'LOS_RUN', 'LOS_OPERATE'];
  const deny = async (statements: readonly string[]) => {
    for (const role of BELOW) for (const sql of statements) await expectSame(role, sql, false);
  };

  it('findings 3 and 4: every table is read by those whom the page names, and written by its owner alone', async () => {
    const tables = await show('TABLES');
    const ours = tables.filter(({ name }) => page.get('Tables and views')?.has(name));
    expect(ours.length).to.be.at.least(28);
    for (const { name } of ours) {
      for (const role of ROLES)
        await expectSame(role, `SELECT * FROM ${name} LIMIT 1`, mayBy('Tables and views', name, role));
      await deny(TABLE(name));
    }
    // Those of a demo or a person are the owner's.
    for (const { name } of tables.filter((table) => !ours.includes(table)))
      await deny([`SELECT * FROM ${name}`, ...TABLE(name)]);
  });

  it('finding 3: every view is read by those whom the page names, and changed by its owner alone', async () => {
    const views = await show('VIEWS');
    expect(views.length).to.be.at.least(17);
    for (const { name } of views) {
      for (const role of ROLES)
        await expectSame(role, `SELECT * FROM ${name} LIMIT 1`, mayBy('Tables and views', name, role));
      await deny(VIEW(name));
    }
  });

  it('every procedure is called by those whom the page names', async () => {
    const procedures = await show('PROCEDURES');
    expect(procedures.length).to.be.at.least(25);
    for (const { name, arguments: signature } of procedures) {
      // It has a form for each of two roles, which roles.test.ts tries.
      if (name === 'EXPLORE_ADMISSIONS') continue;
      const types = /\((.*)\) RETURN/.exec(signature)?.[1] ?? '';
      const values = types
        .split(', ')
        .filter(Boolean)
        .map((type) => `NULL::${type}`);
      for (const role of ROLES) {
        const may = mayBy('Procedures', name, role);
        await expectSame(role, `DESCRIBE PROCEDURE ${name}(${types})`, may);
        // What a role may call does what it is for; roles.test.ts calls it.
        if (!may) await expectSame(role, `CALL ${name}(${values.join(', ')})`, false);
      }
      await deny([
        `DROP PROCEDURE ${name}(${types})`,
        `ALTER PROCEDURE ${name}(${types}) SET COMMENT = 'mine'`,
      ]);
    }
  });

  it('every function is used by those whom the page names', async () => {
    const functions = await show('USER FUNCTIONS');
    const known = functions.filter(({ name }) => page.get('Functions')?.has(name));
    expect(known.length).to.be.at.least(25);
    for (const { name, arguments: signature } of known) {
      const types = /\((.*)\) RETURN/.exec(signature)?.[1] ?? '';
      for (const role of ROLES)
        await expectSame(role, `DESCRIBE FUNCTION ${name}(${types})`, mayBy('Functions', name, role));
      await deny([`DROP FUNCTION ${name}(${types})`]);
    }
    // Each version has its own, which procedures make: they are the owner's.
    const own = functions.filter(
      ({ name }) => !page.get('Functions')?.has(name) && /^LOS_|^PREDICT_/.test(name),
    );
    for (const { name, arguments: signature } of own)
      await deny([`DESCRIBE FUNCTION ${name}(${/\((.*)\) RETURN/.exec(signature)?.[1] ?? ''})`]);
  });

  it('finding 4: every task is run and suspended by those whom the page names', async () => {
    const tasks = await show('TASKS');
    expect(tasks.length).to.be.at.least(7);
    for (const { name } of tasks) {
      for (const role of BELOW)
        if (!mayBy('Tasks', name, role))
          for (const sql of [
            `EXECUTE TASK ${name}`,
            `ALTER TASK ${name} SUSPEND`,
            `ALTER TASK ${name} RESUME`,
          ])
            await expectSame(role, sql, false);
      await deny([`DROP TASK ${name}`, `ALTER TASK ${name} MODIFY AS SELECT 1`]);
    }
  });

  it('streams, stages, file formats and everything around them are the owner’s', async () => {
    for (const { name } of await show('STREAMS'))
      await deny([`SELECT * FROM ${name}`, `DROP STREAM ${name}`]);
    await deny([
      ...['LOS_LOAD', 'LOS_EXCHANGE'].flatMap((stage) => [
        `LIST @${stage}`,
        `SELECT $1 FROM @${stage}`,
        `REMOVE @${stage}`,
        `DROP STAGE ${stage}`,
        `ALTER STAGE ${stage} SET COMMENT = 'mine'`,
      ]),
      'ALTER WAREHOUSE LOS_WH SET WAREHOUSE_SIZE = LARGE',
      'DROP WAREHOUSE LOS_WH',
      'DROP SCHEMA PREDICT_LOS.LOS',
      'DROP DATABASE PREDICT_LOS',
      'CREATE SCHEMA PREDICT_LOS.OWN',
      'CREATE DATABASE OWN',
      'CREATE ROLE OWN',
      'DROP ROLE LOS_READ',
      "CREATE USER OWN PASSWORD = 'Correct-Horse-7'",
      'ALTER API INTEGRATION LOS_API SET ENABLED = FALSE',
      'DROP INTEGRATION LOS_S3',
      'DESCRIBE INTEGRATION LOS_API',
    ]);
  });

  it('no role takes on another that it does not include', async () => {
    for (const role of BELOW) {
      for (const other of [...ROLES, 'LOS_PLAN', 'ACCOUNTADMIN', 'SYSADMIN', 'SECURITYADMIN', 'USERADMIN'])
        if (!INCLUDES[role].includes(other)) {
          await expectSame(role, `USE ROLE ${other}`, false);
          await expectSame(role, `GRANT ROLE ${other} TO USER ONLY_${role}`, false);
        }
    }
  });
});

import { expect } from 'chai';
import { compileEntry } from '../../../deploy/compile/compile.js';
import { createFunctionSql } from '../../../deploy/compile/sql.js';
import { loadContract } from '../../../deploy/dataset/load.js';
import { readDeclarations } from '../../../deploy/headers/files.js';
import { readCodeObjects } from '../../../deploy/objects/code-objects.js';
import { Scope } from '../../../deploy/objects/scope.js';
import { showName } from '../../../deploy/objects/sql-objects.js';
import type { OpenContext } from '../../../deploy/open.js';
import { hostedCloud } from '../embedded-cloud.js';
import { fakeContext } from '../fake-context.js';
import { argumentsOfCalls, exampleIn, exampleOf } from './call-examples.js';

/** The request translator that is there until a model is. */
const REFUSES = 'LOS_NO_MODEL';

describe('The examples of functions and procedures', () => {
  const entries = readCodeObjects();

  it('call each one that an entry declares by its name, with as many arguments as it has', () => {
    expect(entries).to.have.length.greaterThan(40);
    const wrong = entries.flatMap(({ file, kind, signature: { name, args } }) => {
      const example = exampleIn(file);
      if (example === undefined) return [`${file}: its docstring does not end with an @example`];
      const verb = kind === 'procedure' ? 'CALL' : 'SELECT';
      const statements = example.split(/;\n/);
      if (!example.endsWith(';') || !statements.every((each) => each.startsWith(`${verb} `)))
        return [`${file}: an example is a ${verb} that ends with a semicolon`];
      return statements.flatMap((statement) => {
        const calls = argumentsOfCalls(statement, name);
        if (calls.length === 0) return [`${file}: ${statement} does not call ${name}`];
        return calls.every((given) => given.length === args.length)
          ? []
          : [`${file}: ${statement}: ${name} takes ${args.length}`];
      });
    });
    expect(wrong).to.deep.equal([]);
  });

  it('call each function of SQL that people may call', () => {
    const { settings } = fakeContext();
    const contract = loadContract(settings.dataset, settings.timeZone);
    const scope = new Scope(contract, settings, {
      dates: true,
      mail: true,
      challenger: true,
      columns: true,
      table: true,
      origin: false,
      stream: true,
      wakes: true,
      events: true,
      others: true,
      planned: true,
      decisions: true,
      lists: true,
      expected: true,
      ready: true,
      huddle: true,
      moves: true,
      excess: true,
    });
    const declared = readDeclarations().filter(
      ({ kind, header }) => /function$/.test(kind) && header.readers !== 'run',
    );
    expect(declared).to.have.length.greaterThan(6);
    for (const declaration of declared) {
      const { file, header } = declaration;
      const [, name = '', types = ''] = /^(\w+)\((.*)\)$/.exec(showName(declaration, scope)) ?? [];
      const given = argumentsOfCalls(scope.name(header.example ?? ''), name);
      expect(given, `${file} says "-- example:", which calls ${name}`).to.have.length(1);
      expect(given[0], file).to.have.length(types.split(', ').length);
    }
  });

  it('are read with what texts, lists and objects hold', () => {
    expect(argumentsOfCalls("CALL F('a, (b', {'c': [1, 2]}, g(3, 4)); CALL f()", 'F')).to.deep.equal([
      ["'a, (b'", "{'c': [1, 2]}", 'g(3, 4)'],
      [],
    ]);
    expect(() => argumentsOfCalls("SELECT F('a', (1)", 'F')).to.throw('does not end');
    expect(exampleOf('/** Says. */\nexport default function f() {}')).to.equal(undefined);
  });

  describe('in Snowflake', () => {
    const cloud = hostedCloud();
    let ctx: OpenContext;
    before(async () => {
      ctx = await cloud.open();
      const curve = "{'days': [1, 2, 4, 9, 20], 'gone': [0.05, 0.2, 0.5, 0.9, 1]}";
      for (const sql of [
        'CREATE WAREHOUSE W',
        'CREATE DATABASE D',
        'USE SCHEMA D.PUBLIC',
        `CREATE TABLE LOS_PREDICTIONS AS SELECT '4711' AS CASE_ID, 6.1 AS PREDICTED_LOS, 5 AS ACTUAL_LOS, ${curve} AS CURVE`,
        "CREATE TABLE LOS_BED_FORECASTS AS SELECT 'surgery' AS UNIT, '2026-01-31'::DATE AS NIGHT, ARRAY_GENERATE_RANGE(18, 43) AS QUANTILES",
      ])
        await ctx.snowflake.execute(sql);
    });
    after(async () => {
      await ctx.close();
      cloud.remove();
    });

    for (const { file, kind, signature } of entries) {
      if (kind !== 'function') continue;
      it(`${signature.name} answers its own`, async () => {
        await ctx.snowflake.execute(createFunctionSql(await compileEntry(file), "COMMENT = 'x'"));
        const asked = ctx.snowflake.query((exampleIn(file) ?? '').replace(/;$/, ''));
        const answer = await asked.catch((error: Error) => {
          if (signature.name === REFUSES) return error.message;
          throw error;
        });
        if (signature.name === REFUSES) expect(answer).to.contain('No model has been promoted yet');
        else expect(Object.values(answer[0] ?? {}).at(-1), JSON.stringify(answer)).to.be.ok;
      });
    }
  });
});

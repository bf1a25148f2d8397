import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { readReferences } from '../../../contracts/dbt/manifest.js';
import { dbtProperties } from '../../../contracts/dbt/properties.js';
import { viewColumns } from '../../../contracts/dbt/view-columns.js';
import { loadContract } from '../../../deploy/dataset/load.js';
import { UserError } from '../../../deploy/errors.js';
import { schemaObjects } from '../../../deploy/objects/index.js';
import { projectRoot } from '../../../deploy/project.js';
import { loadSettings } from '../../../deploy/settings/load.js';
import { awsResources } from '../../../deploy/stack/aws.js';
import { snowflakeResources } from '../../../deploy/stack/snowflake.js';
import type { Contract } from '../../../procedures/dataset/contract.js';

interface Table {
  readonly name: string;
  readonly description: string;
  readonly config: { readonly meta: { readonly role: string } };
  readonly columns: readonly { readonly name: string; readonly description?: string }[];
}

const settings = loadSettings('/dev/null', {});
const ctx = { settings, aws: { region: 'us-east-1', accountId: '123456789012' } } as Parameters<
  typeof awsResources
>[0];
const health = loadContract(join(projectRoot, 'sql/datasets/health.yaml'), settings.timeZone);

const propertiesOf = async (contract: Contract, references?: ReadonlyMap<string, string>) => {
  const around = [...awsResources(ctx), ...snowflakeResources(ctx)];
  const { objects } = await schemaObjects(ctx, health, around);
  const properties = dbtProperties(settings, contract, objects, references);
  return { ...properties, objects, file: parse(properties.yaml) };
};

describe('the file of properties for a dbt project', () => {
  it('has what LOS_READ and LOS_PATIENTS may read as one source, with the role that reads it, and nothing of the owner’s', async () => {
    const { file, objects, tables } = await propertiesOf(health);
    const [source, ...others] = file.sources;
    expect(others).to.deep.equal([]);
    expect(source).to.include({ name: 'predict_los', database: 'PREDICT_LOS', schema: 'LOS' });
    const named = new Map((source.tables as Table[]).map((table) => [table.name, table]));
    expect(named.size).to.equal(tables);
    expect(named.get('LOS_BED_BOARD_FIGURES')!.config.meta.role).to.equal('LOS_READ');
    expect(named.get('LOS_BED_BOARD')!.config.meta.role).to.equal('LOS_PATIENTS');
    const readable = objects.filter(
      ({ declared }) =>
        'header' in declared &&
        ['table', 'view'].includes(declared.kind) &&
        ['read', 'patients'].includes(declared.header.readers ?? ''),
    );
    expect([...named.keys()].sort()).to.deep.equal(readable.map(({ resource }) => resource.name).sort());
  });

  it('describes each of them and every column whose text is known', async () => {
    const { file } = await propertiesOf(health);
    for (const { name, description, columns } of file.sources[0].tables as Table[]) {
      expect(description, name)
        .to.match(/\S/)
        .and.not.match(/\{[{%#]/);
      expect(columns.length, name).to.be.greaterThan(0);
      // Of the hospital's own columns only the hospital knows what they say.
      if (name.startsWith('LOS_') && name !== 'LOS_FEATURES')
        for (const column of columns) expect(column.description, `${name}.${column.name}`).to.match(/\S/);
    }
  });

  it('has the product as an exposure of the models and sources that it reads, and names what the project does not know', async () => {
    const { admission: _, ...rest } = health as Contract & { admission?: unknown };
    const contract = {
      ...rest,
      origin: {
        query: 'SELECT * FROM ANALYTICS.MARTS.ENCOUNTER AS e JOIN raw.adt.visits AS v ON TRUE',
        columns: {},
      },
      events: [{ source: 'LAB.CORE.RESULTS', stay: 'S', time: 'T', name: 'N', value: 'V' }],
    } as unknown as Contract;
    const references = new Map([
      ['ANALYTICS.MARTS.ENCOUNTER', "ref('hospital', 'encounter')"],
      ['RAW.ADT.VISITS', "source('adt', 'visits')"],
    ]);
    const { file, unknown } = await propertiesOf(contract, references);
    const [exposure] = file.exposures;
    expect(exposure).to.include({ name: 'predict_los_health', type: 'ml' });
    expect(exposure.depends_on).to.deep.equal([...references.values()]);
    expect(unknown).to.deep.equal(['LAB.CORE.RESULTS']);
  });

  it('leaves out what the exposure depends on where no manifest says it', async () => {
    const { file, unknown } = await propertiesOf(health);
    expect(file.exposures[0]).not.to.have.property('depends_on');
    expect(unknown).to.deep.equal([]);
  });
});

describe('the manifest of a dbt project', () => {
  const folder = mkdtempSync(join(tmpdir(), 'manifest-'));
  const file = join(folder, 'manifest.json');
  after(() => rmSync(folder, { recursive: true }));

  it('says how the project refers to what it builds and reads, by names as Snowflake has them', () => {
    const node = { package_name: 'hospital', name: 'encounter' };
    writeFileSync(
      file,
      JSON.stringify({
        nodes: {
          a: { ...node, resource_type: 'model', relation_name: 'analytics.marts.ENCOUNTER' },
          b: { ...node, resource_type: 'model', name: 'inline', relation_name: null },
          c: { ...node, resource_type: 'test', name: 'not_null', relation_name: 'A.B.C' },
          d: { ...node, resource_type: 'seed', name: 'odd', relation_name: 'A."b c"."d""e"' },
        },
        sources: {
          s: {
            ...{ resource_type: 'source', package_name: 'hospital', source_name: 'adt', name: 'visits' },
            relation_name: 'RAW.adt.visits',
          },
        },
      }),
    );
    expect([...readReferences(file)]).to.have.deep.members([
      ['RAW.ADT.VISITS', "source('adt', 'visits')"],
      ['ANALYTICS.MARTS.ENCOUNTER', "ref('hospital', 'encounter')"],
      ['A.b c.d"e', "ref('hospital', 'odd')"],
    ]);
  });

  for (const [what, content] of [
    ['no JSON', '{'],
    ['JSON of something else', '{"nodes": 1}'],
    ['null', 'null'],
  ] as const)
    it(`is refused where it is ${what}`, () => {
      writeFileSync(file, content);
      expect(() => readReferences(file))
        .to.throw(UserError, file)
        .with.property('next', NEXT);
    });

  it('is refused where it is not there', () => {
    expect(() => readReferences(join(folder, 'none.json'))).to.throw(UserError, 'is not there');
  });
});

const NEXT = 'Run dbt parse in the dbt project, and name its target/manifest.json with --manifest.';

describe('columns of a view', () => {
  it('are those that it lists, with their comments, else what it selects by name', () => {
    const listed =
      "CREATE VIEW V (\n  A COMMENT 'one, (1)',\n  B COMMENT 'it''s'\n)\nCOPY GRANTS AS SELECT 1, 2";
    expect(viewColumns(listed)).to.deep.equal([
      { name: 'A', comment: 'one, (1)' },
      { name: 'B', comment: "it's" },
    ]);
    expect(viewColumns("CREATE VIEW V COPY GRANTS AS SELECT A, NULLIF(B, '') AS C FROM T")).to.deep.equal([
      { name: 'A', comment: '' },
      { name: 'C', comment: '' },
    ]);
  });
});

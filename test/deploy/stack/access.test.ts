import { expect } from 'chai';
import { readDeclarations } from '../../../deploy/headers/files.js';
import type { Declaration, Reader } from '../../../deploy/headers/header.js';
import type { Grant, GrantsDefinition } from '../../../deploy/resources/snowflake/grants.js';
import { buildStack } from '../../../deploy/stack/index.js';
import { fakeContext } from '../fake-context.js';

describe('who may do what', () => {
  const grantsOf = async () => {
    const ctx = fakeContext({ aws: { region: 'us-east-1', accountId: '123456789012' } as never });
    const { resources } = await buildStack(ctx);
    const grants = (role: string) =>
      resources
        .filter(({ kind, name }) => kind === 'snowflake.grants' && name === role)
        .flatMap(({ definition }) => (definition as GrantsDefinition).grants);
    const { read, run, operate, patients } = ctx.settings.snowflake.roles;
    return { read: grants(read), run: grants(run), operate: grants(operate), patients: grants(patients) };
  };
  const has = (grants: readonly Grant[], privilege: string, ending: string) =>
    grants.some((grant) => grant.privilege === privilege && grant.name.endsWith(ending));

  it('follows from what objects say of themselves', async () => {
    const { read, run, operate, patients } = await grantsOf();
    expect(has(read, 'SELECT', '.LOS_ALARMS')).to.equal(true);
    expect(has(read, 'SELECT', '.LOS_EXPECTED_DISCHARGES')).to.equal(false);
    expect(has(patients, 'SELECT', '.LOS_EXPECTED_DISCHARGES')).to.equal(true);
    expect(has(read, 'USAGE', '.PREDICT_LOS(OBJECT)')).to.equal(true);
    expect(has(read, 'USAGE', '.EXPLORE_ADMISSIONS()')).to.equal(true);
    expect(has(read, 'SELECT', '.LOS_PREDICTION_LOG')).to.equal(false);
    expect(has(patients, 'SELECT', '.LOS_PREDICTION_LOG')).to.equal(true);
    expect(has(run, 'SELECT', '.LOS_MODEL_REGISTRY')).to.equal(false);
    expect(has(operate, 'SELECT', '.LOS_MODEL_REGISTRY')).to.equal(true);
    expect(has(run, 'OPERATE', '.LOS_SCORE')).to.equal(true);
    expect(has(run, 'OPERATE', '.LOS_WATCH')).to.equal(false);
    expect(has(run, 'MONITOR', '.LOS_WATCH')).to.equal(true);
    expect(has(operate, 'OPERATE', '.LOS_WATCH')).to.equal(true);
    expect(has(run, 'USAGE', '.SCORE_ADMISSIONS()')).to.equal(true);
    expect(has(run, 'USAGE', '.TRAIN_MODEL(OBJECT)')).to.equal(false);
    expect(has(operate, 'USAGE', '.TRAIN_MODEL(OBJECT)')).to.equal(true);
  });

  it('lets no role write, own or lend anything', async () => {
    const privileges = Object.values(await grantsOf())
      .flat()
      .map(({ privilege }) => privilege);
    expect([...new Set(privileges)]).to.have.members(['USAGE', 'SELECT', 'OPERATE', 'MONITOR']);
  });

  /** Roles whose rows and figures a role may read. */
  const READS: Readonly<Record<Reader, readonly Reader[]>> = {
    read: ['read'],
    patients: ['read', 'patients'],
    run: ['read', 'run'],
    operate: ['read', 'run', 'operate'],
    owner: ['read', 'patients', 'run', 'operate', 'owner'],
  };
  const declared = readDeclarations();
  const refsOf = ({ text }: Declaration) =>
    [...text.matchAll(/\{\{ref:([^}]+)\}\}/g)].flatMap(([, name]) =>
      declared.filter(({ kind, header }) => header.name === name && (kind === 'table' || kind === 'view')),
    );
  /** What is wrong with a view: it shows its readers what they may not read, and is no figure. */
  const faultOf = (view: Declaration): string | undefined => {
    const { readers = 'owner', figures } = view.header;
    const stricter = refsOf(view).filter(({ header }) => !READS[readers].includes(header.readers ?? 'owner'));
    if (stricter.length === 0) return undefined;
    if (figures === undefined) return `shows ${readers} what is in ${stricter[0]!.header.name}`;
    const rows = stricter.some(({ header }) => header.patients === 'yes');
    if (rows && !/\bGROUP BY\b|\bCOUNT\(/.test(view.text)) return 'is not grouped';
    return /\b(CASE_ID|PATIENT_?ID|FEATURES) COMMENT 'Admission/.test(view.text)
      ? 'shows admissions'
      : undefined;
  };

  it('shows in a view what its readers may not read only as a figure', () => {
    // Of the rows of others all but the erased admissions are shown, which are all that the view below it withholds.
    const ofOthers = ['<DATASET>_SOURCE', '<DATASET>_EVENTS', '<DATASET>_PLANNED'];
    const views = declared.filter(({ kind, header }) => kind === 'view' && !ofOthers.includes(header.name));
    expect(views.flatMap((view) => faultOf(view) ?? [])).to.deep.equal([]);
    const of = (name: string) => views.find(({ header }) => header.name === name)!;
    const lent = of('LOS_PREDICTIONS');
    expect(faultOf({ ...lent, header: { ...lent.header, readers: 'read' } })).to.contain(
      'shows read what is in',
    );
    expect(faultOf({ ...lent, header: { ...lent.header, readers: 'read', figures: 'None.' } })).to.be.a(
      'string',
    );
  });

  /** What a column may be: no figure; published, by populations; a count of the operation; of a forecast, of lines of ten patients. */
  const POPULATIONS = ['names', 'published', 'operation', 'forecast'];
  /** What is wrong with what a view for LOS_READ says of its columns. */
  const faultOfColumns = ({ header: { figures = '' }, text }: Declaration): string[] => {
    const columns = [...text.matchAll(/^ {2}([A-Z_0-9]+) COMMENT '/gm)].map(([, name]) => name!);
    const entries = figures.split('; ').map((entry) => entry.split(': ') as [string, string]);
    const named = entries.flatMap(([, list]) => (list ?? '').split(', '));
    const isPublished = entries.some(([population]) => population === 'published');
    return [
      ...entries.flatMap(([population]) =>
        POPULATIONS.includes(population) ? [] : [`${population} is no population`],
      ),
      ...named
        .filter((name) => name !== 'others' && !columns.includes(name))
        .map((name) => `${name} is no column`),
      ...named.filter((name, i) => named.indexOf(name) < i).map((name) => `${name} is there twice`),
      ...(named.includes('others') ? [] : columns.filter((name) => !named.includes(name))).map(
        (name) => `${name} has none`,
      ),
      ...(isPublished === text.includes('{{ref:LOS_PUBLISHED_FIGURES}}')
        ? []
        : ['what is published comes from LOS_PUBLISHED_FIGURES']),
    ];
  };

  it('says of each column for LOS_READ which population it has', () => {
    const views = declared.filter(({ kind, header }) => kind === 'view' && header.readers === 'read');
    expect(views.length).to.be.at.least(14);
    expect(
      views.flatMap((view) => faultOfColumns(view).map((fault) => `${view.file}: ${fault}`)),
    ).to.deep.equal([]);
    const accuracy = views.find(({ header }) => header.name === 'LOS_ACCURACY')!;
    const faults = (figures: string) =>
      faultOfColumns({ ...accuracy, header: { ...accuracy.header, figures } });
    expect(faults('names: DATASET; published: MAE')).to.include('BIAS has none');
    expect(faults('names: X; all: others')).to.include.members(['X is no column', 'all is no population']);
    // Figures about stays that are in a table of patients reach no one past the publisher.
    const about =
      /LOS_(PREDICTION_LOG|EVALUATION\w*|WATCH_PERFORMANCE|WATCH_INPUTS|DAILY_PREDICTIONS)$|<DATASET>_(FEATURES|SOURCE|EVENTS|PLANNED)/;
    expect(
      views.flatMap((view) =>
        refsOf(view)
          .filter(({ header }) => about.test(header.name))
          .map(({ header }) => `${view.file}: ${header.name}`),
      ),
    ).to.deep.equal([]);
  });

  it('gives no role what the owner alone may use', async () => {
    const all = Object.values(await grantsOf()).flat();
    for (const own of ['.LOS_SAGEMAKER(VARCHAR, OBJECT)', '.LOS_REGISTER_VERSION(VARCHAR, VARCHAR)'])
      expect(has(all, 'USAGE', own), own).to.equal(false);
  });
});

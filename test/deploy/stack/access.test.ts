import { expect } from 'chai';
import { readDeclarations } from '../../../deploy/headers/files.js';
import type { Declaration, Reader } from '../../../deploy/headers/header.js';
import type { Grant, GrantsDefinition } from '../../../deploy/resources/snowflake/grants.js';
import { buildStack } from '../../../deploy/stack/index.js';
import { fakeContext } from '../fake-context.js';

describe('who may do what', () => {
  const grantsOf = async (silent: number | null = null) => {
    const fake = fakeContext({ aws: { region: 'us-east-1', accountId: '123456789012' } as never });
    const ctx = {
      ...fake,
      settings: { ...fake.settings, tasks: { ...fake.settings.tasks, silent } },
    };
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

  it('hides predictions, and all that reads them, from readers in a silent period, and nothing else', async () => {
    const before = await grantsOf();
    const { read, run, operate, patients } = await grantsOf(28);
    for (const name of ['.LOS_BEDS', '.LOS_BED_BOARD_FIGURES', '.LOS_ACCURACY', '.LOS_WEEKLY_ERRORS']) {
      expect(has(before.read, 'SELECT', name), name).to.equal(true);
      expect(has(read, 'SELECT', name), name).to.equal(false);
      expect(has(operate, 'SELECT', name), name).to.equal(true);
    }
    for (const name of [
      '.LOS_PREDICTIONS',
      '.LOS_EXPECTED_DISCHARGES',
      '.LOS_PREDICTION_LOG',
      '.LOS_BED_BOARD',
    ])
      for (const role of [read, run, patients, operate])
        expect(has(role, 'SELECT', name), name).to.equal(false);
    for (const role of [read, run, patients]) {
      expect(has(role, 'USAGE', '.PREDICT_LOS(OBJECT)')).to.equal(false);
      expect(has(role, 'USAGE', '.FORECAST_BEDS()')).to.equal(false);
    }
    expect(has(operate, 'USAGE', '.PREDICT_LOS(OBJECT)')).to.equal(true);
    expect(has(operate, 'USAGE', '.FORECAST_BEDS()')).to.equal(true);
    for (const name of ['.LOS_ALARMS', '.LOS_MODELS', '.LOS_BACKLOG', '.LOS_RUN_LOG'])
      expect(has(read, 'SELECT', name), name).to.equal(true);
    expect(has(run, 'USAGE', '.SCORE_ADMISSIONS()')).to.equal(true);
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
    const ofOthers = 'SOURCE EVENTS PLANNED DECISIONS DISCHARGE_DATES READY'
      .split(' ')
      .map((name) => `<DATASET>_${name}`);
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

  /**
   * What a column may be: no figure; published, by populations; a count of the operation; of a forecast, of lines of ten patients; sentences, whose
   * figures are rounded by their population.
   */
  const POPULATIONS = ['names', 'published', 'operation', 'forecast', 'words'];
  /** What is wrong with what an object for LOS_READ or LOS_RUN says of its columns. */
  const faultOfColumns = ({ header: { figures = '' }, text }: Declaration): string[] => {
    const columns = [...text.matchAll(/^ {2}([A-Z_0-9]+) (?:[A-Z_]+ (?:NOT NULL )?)?COMMENT '/gm)].map(
      ([, name]) => name!,
    );
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
      ...(isPublished === text.includes('{{ref:LOS_PUBLISHED_ROWS}}')
        ? []
        : ['what is published comes from LOS_PUBLISHED_ROWS']),
    ];
  };

  it('says of each column for LOS_READ and LOS_RUN which population it has', () => {
    const views = declared.filter(({ kind, header }) => kind === 'view' && header.readers === 'read');
    expect(views.length).to.be.at.least(14);
    const tables = declared.filter(
      ({ kind, header }) => kind === 'table' && ['read', 'run'].includes(header.readers!),
    );
    expect(tables.length).to.be.at.least(8);
    expect(
      [...views, ...tables].flatMap((shown) =>
        faultOfColumns(shown).map((fault) => `${shown.file}: ${fault}`),
      ),
    ).to.deep.equal([]);
    const accuracy = views.find(({ header }) => header.name === 'LOS_ACCURACY')!;
    const faults = (figures: string) =>
      faultOfColumns({ ...accuracy, header: { ...accuracy.header, figures } });
    expect(faults('names: DATASET; published: MAE')).to.include('BIAS has none');
    expect(faults('names: X; all: others')).to.include.members(['X is no column', 'all is no population']);
    // Figures about stays that are in a table of patients reach no one past the publisher.
    const about =
      /LOS_(PREDICTION_LOG|EVALUATION\w*|WATCH_PERFORMANCE|WATCH_INPUTS|DAILY_PREDICTIONS|DATES|DATE_ERRORS)$|<DATASET>_(FEATURES|SOURCE|EVENTS|PLANNED)/;
    expect(
      views.flatMap((view) =>
        refsOf(view)
          .filter(({ header }) => about.test(header.name))
          .map(({ header }) => `${view.file}: ${header.name}`),
      ),
    ).to.deep.equal([]);
  });

  /** What each procedure and function that LOS_READ or LOS_RUN may use tells of stays. */
  const TELLS: Readonly<Record<string, readonly string[]>> = {
    published: ['EXPLORE_ADMISSIONS'],
    'rounded by how many stays they are about': ['COMPARE_MODELS'],
    'beds, in lines of ten patients': ['FORECAST_BEDS', 'LOS_BED_DISTRIBUTION', 'LOS_BED_FORECAST_CDF'],
    'of what it is asked about': [
      ...['PREDICT_LOS', 'PREDICT_LOS_DETAIL', 'PREDICT_LOS_REASONS', 'PREDICT_LOS_REMAINING'],
      ...['LOS_INPUTS', 'LOS_INPUTS_OF_COLUMNS', 'LOS_INPUTS_OF_VALUES', 'LOS_DISCHARGE_PROBABILITIES'],
      ...['LOS_DISCHARGE_FORECAST', 'LOS_PLANNED_PATIENTS', 'LOS_REMAINING_PATIENTS', 'LOS_SHIFT_CURVE'],
      ...['LOS_CALIBRATE', 'LOS_MEANS_BY_PACE', 'LOS_NO_MODEL'],
    ],
    'how many it has done': [
      ...['LOS_REPORT_ROUTINE', 'SEND_NOTIFICATIONS', 'CHECK_TABLES'],
      ...['BUILD_FEATURES', 'CHECK_FEATURES', 'RECONCILE', 'SCORE_ADMISSIONS'],
      ...['REPORT_GRAPH_RUN', 'WATCH_SCORING'],
    ],
  };

  it('says of each procedure and function for LOS_READ and LOS_RUN what it tells of stays', async () => {
    const { read, run } = await grantsOf();
    // RENEW_PREDICTIONS and SHADOW_ADMISSIONS, where there are events and a shadow, answer as SCORE_ADMISSIONS does.
    const used = [...read, ...run]
      .filter(({ privilege, type }) => privilege === 'USAGE' && /PROCEDURE|FUNCTION/.test(type))
      .map(({ name }) => /\.([A-Z_]+)\(/.exec(name)?.[1] ?? name)
      // What asks the endpoint, writes a request or reads an answer has nothing of any stay but the one in hand.
      .filter((name) => !/^LOS_(INVOKE|EVALUATE|RESPONSE|CONTROL)_?/.test(name));
    expect([...new Set(used)].sort()).to.deep.equal(Object.values(TELLS).flat().sort());
  });

  it('gives no role what the owner alone may use', async () => {
    const all = Object.values(await grantsOf()).flat();
    for (const own of ['.LOS_SAGEMAKER(VARCHAR, OBJECT)', '.LOS_REGISTER_VERSION(VARCHAR, VARCHAR)'])
      expect(has(all, 'USAGE', own), own).to.equal(false);
  });
});

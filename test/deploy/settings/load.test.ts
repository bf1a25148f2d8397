import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { UserError } from '../../../deploy/errors.js';
import { projectRoot } from '../../../deploy/project.js';
import { editorSchema } from '../../../deploy/settings/file-schema.js';
import { loadSettings } from '../../../deploy/settings/load.js';
import { RETIRED } from '../../../deploy/settings/retired.js';
import { variableOf } from '../../../deploy/settings/variables.js';

describe('settings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'los-settings-'));
  after(() => rmSync(folder, { recursive: true }));

  const load = (text: string, env: Record<string, string> = {}) => {
    const file = join(folder, 'los.config.yaml');
    writeFileSync(file, text);
    return loadSettings(file, env);
  };
  const refusal = (text: string, env: Record<string, string> = {}): string => {
    try {
      load(text, env);
    } catch (error) {
      expect(error).to.be.instanceOf(UserError);
      return (error as Error).message;
    }
    throw new Error('was accepted');
  };

  it('fills in every default for an empty file', () => {
    const settings = load('');
    expect(settings.prefix).to.equal('los');
    expect(settings.snowflake.warehouse).to.deep.equal({
      name: 'LOS_WH',
      size: 'XSMALL',
    });
    expect(settings.snowflake.integrations).to.deep.equal({
      api: 'LOS_API',
      control: 'LOS_CONTROL_API',
      storage: 'LOS_S3',
      mail: 'LOS_MAIL',
    });
    expect(settings.aws.roles.snowflakeStorage).to.equal('los-snowflake-s3');
  });

  it("says in the project's own file what the defaults are, but for what its dataset needs", () => {
    const own = loadSettings(join(projectRoot, 'los.config.yaml'), {});
    const { folder: _a, state: _b, dataset: _c, ...defaults } = load('');
    const { folder: _d, state: _e, dataset: _f, ...written } = own;
    const endpoint = { ...defaults.endpoint, maxConcurrency: 1 };
    expect(written).to.deep.equal({ ...defaults, endpoint });
  });

  it('finds a contract beside its file, and one of the environment where a person types', () => {
    const here = process.cwd();
    const folder = mkdtempSync(join(tmpdir(), 'los-contract-'));
    try {
      writeFileSync(join(folder, 'mine.yaml'), '');
      process.chdir(folder);
      expect(load('', { LOS_DATASET: 'mine.yaml' }).dataset).to.equal(join(process.cwd(), 'mine.yaml'));
      writeFileSync(join(folder, 'los.config.yaml'), 'dataset: mine.yaml');
      process.chdir(here);
      expect(loadSettings(join(folder, 'los.config.yaml'), {}).dataset).to.equal(join(folder, 'mine.yaml'));
      expect(load('').dataset).to.equal(join(projectRoot, 'sql/datasets/health.yaml'));
    } finally {
      process.chdir(here);
      rmSync(folder, { recursive: true });
    }
  });

  it('derives the names of account-wide objects from the prefix', () => {
    const settings = load('prefix: ward-7');
    expect(settings.snowflake.roles.run).to.equal('WARD_7_RUN');
    expect(settings.aws.roles.sageMaker).to.equal('ward-7-sagemaker');
    expect(settings.aws.restApi.name).to.equal('ward-7');
  });

  it('lets the environment win, as text, number, boolean and list', () => {
    const settings = load('aws: { region: eu-west-1 }', {
      LOS_AWS_REGION: 'us-west-2',
      LOS_SNOWFLAKE_WAREHOUSE_SIZE: 'LARGE',
      LOS_TASKS_RESUMED: 'false',
      LOS_AWS_BUCKET: '20261126',
      LOS_WATCH_RETRAIN_AFTER_DAYS: '30',
      LOS_MAIL_TO: 'a@x.org, b@x.org',
      LOS_MAIL_VERIFIED: '["o\'brien@x.org", "b@x.org"]',
      LOS_TASKS_CHALLENGER: 'null',
      LOS_TRAINING_HYPERPARAMETERS: '{"max_depth": 6}',
    });
    expect(settings.mail.verified).to.deep.equal(["o'brien@x.org", 'b@x.org']);
    expect(settings.tasks.challenger).to.equal(null);
    expect(settings.training.hyperparameters).to.deep.equal({ max_depth: 6 });
    expect(settings.aws.region).to.equal('us-west-2');
    expect(settings.snowflake.warehouse.size).to.equal('LARGE');
    expect(settings.tasks.resumed).to.equal(false);
    expect(settings.aws.bucket).to.equal('20261126');
    expect(settings.watch.retrainAfterDays).to.equal(30);
    expect(settings.mail.to).to.deep.equal(['a@x.org', 'b@x.org']);
  });

  it('takes the hyperparameters of the list alone, each in its range, as number or as text', () => {
    const training = (text: string) => `training: { hyperparameters: { ${text} } }`;
    expect(load(training('num_round: 900, eta: "0.05"')).training.hyperparameters).to.deep.equal({
      num_round: 900,
      eta: '0.05',
    });
    for (const [text, says] of [
      ['sagemaker_program: x.py', 'training.hyperparameters.sagemaker_program is not a setting'],
      ['num_round: 1000000', 'training.hyperparameters.num_round must be <= 5000'],
      ['num_round: "1000000"', 'num_round with the value "1000000"'],
      ['num_round: 5000, num_parallel_tree: 500', '2500000 trees'],
      ['objective: "rank:ndcg"', 'objective must be one of reg:squarederror'],
    ] as const)
      expect(refusal(training(text)), text).to.contain(says);
  });

  it('says of a key that once was a setting what to do instead, wherever it stands', () => {
    for (const [path, instead] of Object.entries(RETIRED)) {
      const says = `${path} is no setting any more: ${instead}`;
      const keys = path.split('.');
      const text = keys.reduceRight((value, key) => `{ ${key}: ${value} }`, '1');
      expect(refusal(text.slice(2, -2)), path).to.contain(says);
      const variable = keys.reduce(variableOf, 'LOS');
      expect(refusal('', { [variable]: '1' }), path).to.contain(
        `${variable} is no setting any more: ${instead}`,
      );
      expect(refusal(`environments: { dev: ${text} }`), path).to.contain(`dev.${says}`);
    }
  });

  it('names every wrong key, and the variable that a value came from', () => {
    expect(refusal('snowflake: { warehouse: { size: HUGE }, databse: X }'))
      .to.contain('snowflake.warehouse.size must be one of XSMALL')
      .and.to.contain('snowflake.databse is not a setting');
    expect(refusal('', { LOS_AWS_REGION: 'Mars' })).to.contain('aws.region (from LOS_AWS_REGION)');
    for (const value of [
      'a@x.org b@x.org',
      '[a@x.org]',
      '["a@x.org"',
      'a@x.org;b@x.org',
      '<a@x.org>',
      'a',
      '"a@x.org"',
    ])
      expect(refusal('', { LOS_MAIL_VERIFIED: value }), value).to.match(
        /mail\.verified(\.0)? \(from LOS_MAIL_VERIFIED\) (is no e-mail address|must be array)/,
      );
    for (const [name, value] of Object.entries({
      ...{
        LOS_TASKS_RESUMED: 'yes',
        LOS_WATCH_KEEP_DAYS: '1e3',
        LOS_MAIL_DIGEST_HOUR: '25',
        LOS_AWS_TRAINING_FILES_DAYS: 'x',
      },
      ...{
        LOS_ENDPOINT_TYPE: 'Serverless',
        LOS_ENDPOINT_MAX_CONCURRENCY: '201',
        LOS_TRAINING_HYPERPARAMETERS: 'max_depth=6',
      },
      ...{ LOS_TRAINING_CANDIDATES: 'hazard,forrest', LOS_MAIL_FROM: 'Los <los@x.org>' },
    }))
      expect(refusal('', { [name]: value }), name).to.contain(`(from ${name})`);
    expect(refusal('aws: { bucket: "NOT A BUCKET" }')).to.contain('aws.bucket');
    expect(refusal('watch: { retrain: always }')).to.contain(
      'watch.retrain must be one of propose, promote, false',
    );
    expect(refusal('aws: 7')).to.contain('aws must be object');
  });

  it('refuses a variable that is nearly a setting, with the one that was meant', () => {
    expect(refusal('', { LOS_ENDPONT_TYPE: 'instance' })).to.contain(
      'LOS_ENDPONT_TYPE is no setting. Did you mean LOS_ENDPOINT_TYPE?',
    );
    expect(refusal('', { los_state: '/tmp/x' })).to.contain('Did you mean LOS_STATE?');
    expect(refusal('', { LOS_SMTP_PASWORD: 'x' })).to.contain('Did you mean LOS_SMTP_PASSWORD?');
    expect(refusal('', { LOS_WATCH_RETRAINAFTERDAYS: '30' })).to.contain(
      'mean LOS_WATCH_RETRAIN_AFTER_DAYS?',
    );
    expect(refusal('', { LOS_WATCH_WHATEVER: '30' })).to.contain('LOS_WATCH_KEEP_DAYS');
    expect(refusal('', { LOS_BUCKET: 'b' })).to.contain('Did you mean LOS_AWS_BUCKET?');
    expect(refusal('', { LOS_STAY: 'b' })).to.contain('Did you mean LOS_STAY_HOUR?');
  });

  it('leaves the variables of tests, of other programs and empty ones alone', () => {
    const page = readFileSync(join(projectRoot, 'test/README.md'), 'utf8');
    const tests = [...page.matchAll(/`(LOS_[A-Z_]+)=/g)].map((match) => match[1]!);
    expect(tests).to.have.length.greaterThan(20);
    for (const name of tests) expect(load('', { [name]: '7' }).prefix, name).to.equal('los');
    expect(load('', { LOS_ANGELES_OFFICE: 'x', LOSS: 'x', LOS_ENDPONT_TYPE: '' }).prefix).to.equal('los');
  });

  it('takes the zone that times are shown in, and none that there is not', () => {
    expect(load('').timeZone).to.equal('UTC');
    expect(load('', { LOS_TIME_ZONE: 'Europe/Berlin' }).timeZone).to.equal('Europe/Berlin');
    expect(refusal('timeZone: Europe/Atlantis')).to.match(/timeZone Europe\/Atlantis is no zone/);
    for (const zone of [
      'Asia/Kolkata',
      'America/Argentina/Buenos_Aires',
      'Etc/GMT-5',
      'America/Port-au-Prince',
    ])
      expect(load(`timeZone: ${zone}`).timeZone).to.equal(zone);
    // Snowflake heeds the case, and some versions of Node would take an offset.
    for (const zone of ['europe/berlin', 'EUROPE/BERLIN', "'+05:30'", 'GMT+1'])
      expect(refusal(`timeZone: ${zone}`)).to.match(/is no zone/);
  });

  it('refuses regions of other partitions by name, because ARNs and hosts differ there', () => {
    for (const region of ['cn-north-1', 'cn-northwest-1', 'us-gov-west-1'])
      expect(refusal('', { LOS_AWS_REGION: region }), region).to.contain(
        `aws.region ${region} lies in a partition of its own`,
      );
    expect(load('aws: { region: eu-central-2 }').aws.region).to.equal('eu-central-2');
  });

  it('refuses a key of KMS that is an alias, of another region, or for instances whose disks take none', () => {
    const key = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    expect(load('{}').aws.kmsKey).to.equal(null);
    expect(load(`aws: { kmsKey: '${key}' }`).aws.kmsKey).to.equal(key);
    expect(refusal('aws: { kmsKey: alias/hospital }')).to.contain('aws.kmsKey must match pattern');
    expect(refusal(`aws: { kmsKey: '${key}', region: eu-west-1 }`)).to.contain(
      'aws.kmsKey is not of aws.region eu-west-1',
    );
    for (const type of ['ml.m5d.xlarge', 'ml.g4dn.xlarge', 'ml.p3dn.24xlarge'])
      expect(refusal(`aws: { kmsKey: '${key}' }\ntraining: { instanceType: ${type} }`)).to.contain(
        `does not go together with ${type}`,
      );
    const endpoint = 'endpoint: { instanceType: ml.m5d.large';
    expect(load(`aws: { kmsKey: '${key}' }\n${endpoint} }`).endpoint.type).to.equal('serverless');
    expect(refusal(`aws: { kmsKey: '${key}' }\n${endpoint}, type: instance }`)).to.contain('ml.m5d.large');
  });

  it('gives the API integrations of a private API names of their own', () => {
    const of = (text: string) => load(text).snowflake.integrations;
    expect(of('{}')).to.include({ api: 'LOS_API', control: 'LOS_CONTROL_API' });
    const vpce = 'vpce-0123456789abcdef0';
    expect(of(`aws: { privateApi: [${vpce}] }`)).to.include({
      api: 'LOS_API_PRIVATE',
      control: 'LOS_CONTROL_API_PRIVATE',
      storage: 'LOS_S3',
    });
    expect(of(`aws: { privateApi: [${vpce}] }\nnames: { LOS_API: OURS }`).api).to.equal('OURS_PRIVATE');
    expect(refusal('aws: { privateApi: [true] }')).to.contain('aws.privateApi.0 must be string');
    expect(refusal('aws: { privateApi: [subnet-0123456789abcdef0] }')).to.contain('must match pattern');
  });

  it('takes a VPC whole or not at all, and then for endpoints on instances', () => {
    const vpc = 'aws: { vpc: { subnets: [subnet-0a], securityGroups: [sg-0b] } }';
    expect(load('{}').aws.vpc).to.deep.equal({ subnets: [], securityGroups: [] });
    expect(load('{}').endpoint.type).to.equal('serverless');
    const { aws, endpoint } = load(vpc);
    expect(aws.vpc).to.deep.equal({ subnets: ['subnet-0a'], securityGroups: ['sg-0b'] });
    expect([endpoint.type, endpoint.instanceType]).to.deep.equal(['instance', 'ml.m5.large']);
    expect(load(`${vpc}\nendpoint: { instanceType: ml.m5.xlarge }`).endpoint).to.deep.include({
      type: 'instance',
      instanceType: 'ml.m5.xlarge',
    });
    expect(refusal(`${vpc}\nendpoint: { type: serverless }`)).to.contain(
      'aws.vpc does not go together with endpoint.type serverless',
    );
    expect(refusal('aws: { vpc: { subnets: [subnet-0a] } }')).to.contain('subnets and no securityGroups');
    expect(refusal('aws: { vpc: { securityGroups: [sg-0b] } }')).to.contain('securityGroups and no subnets');
    expect(refusal('aws: { vpc: { subnets: [vpc-0a], securityGroups: [sg-0b] } }')).to.contain(
      'aws.vpc.subnets.0 must match pattern',
    );
    expect(refusal(`${vpc}\nendpoint: 3`)).to.contain('endpoint must be object');
    expect(
      loadSettings('/dev/null', {
        LOS_AWS_VPC_SUBNETS: 'subnet-0a, subnet-0b',
        LOS_AWS_VPC_SECURITY_GROUPS: 'sg-0c',
      }).aws.vpc,
    ).to.deep.equal({ subnets: ['subnet-0a', 'subnet-0b'], securityGroups: ['sg-0c'] });
  });

  it('refuses what is no mapping, no YAML and no file', () => {
    expect(refusal('- a')).to.contain('not a list');
    expect(refusal('a: [')).to.contain('not valid YAML');
    expect(() => loadSettings(join(folder, 'nowhere.yaml'))).to.throw(UserError, /cannot be read/);
  });

  it("reads a cron schedule in the hospital's zone, unless it names another", () => {
    const { beds, watch, look } = load(
      'timeZone: Europe/Berlin\ntasks: { beds: USING CRON 0  4 * * *, look: USING CRON 5 * * * * UTC }',
    ).tasks;
    expect([beds, watch, look]).to.deep.equal([
      'USING CRON 0 4 * * * Europe/Berlin',
      'USING CRON 30 5 * * * Europe/Berlin',
      'USING CRON 5 * * * * UTC',
    ]);
    expect(load('').tasks.beds).to.equal('USING CRON 0 5 * * * UTC');
  });

  it('refuses a cron schedule that Snowflake would, before anything is made of it', () => {
    for (const cron of [
      '0 5 * *',
      '0 5 * * * berlin',
      '0 5 * * * Europe/Atlantis',
      '0 5 * * 1 2 UTC',
      '0 5 * * 1 2',
    ])
      expect(refusal(`tasks: { watch: USING CRON ${cron} }`), cron).to.match(
        /tasks\.watch is USING CRON .* is not five fields/,
      );
  });

  describe('of an environment', () => {
    const load = (text: string, environment?: string, env = {}) => {
      const file = join(folder, 'los.config.yaml');
      writeFileSync(file, text);
      return loadSettings(file, env, environment);
    };
    const text = `
snowflake: { warehouse: { size: MEDIUM }, schema: ADMISSIONS }
names: { LOS_WH: HOSPITAL_WH }
aws: { bucket: hospital-los }
environments:
  dev: { tasks: { resumed: false }, snowflake: { warehouse: { size: XSMALL } } }
  prod: { prefix: stay, names: { LOS_WH: BIG_WH }, snowflake: { database: HOSPITAL } }
  test:
`;

    it('are the overlay over the rest, with names of its own for what the account shares', () => {
      const { env, prefix, snowflake, aws, tasks } = load(text, 'dev');
      expect({ env, prefix, tasks: tasks.resumed, bucket: aws.bucket, api: aws.restApi.name }).to.deep.equal({
        env: 'dev',
        prefix: 'los-dev',
        tasks: false,
        bucket: 'hospital-los-dev',
        api: 'los-dev',
      });
      expect(snowflake.database).to.equal('PREDICT_LOS_DEV');
      expect(snowflake.schema).to.equal('ADMISSIONS');
      expect(snowflake.warehouse).to.deep.include({ name: 'HOSPITAL_WH_DEV', size: 'XSMALL' });
      expect(snowflake.roles.run).to.equal('LOS_DEV_RUN');
    });

    it('are what the overlay names itself', () => {
      const { prefix, snowflake, aws } = load(text, 'prod');
      expect([prefix, snowflake.database, snowflake.warehouse.name, aws.roles.sageMaker]).to.deep.equal([
        'stay',
        'HOSPITAL',
        'BIG_WH',
        'stay-sagemaker',
      ]);
    });

    it('are the file alone without one, and an empty overlay is one', () => {
      expect(load(text).snowflake.warehouse).to.deep.include({ name: 'HOSPITAL_WH', size: 'MEDIUM' });
      expect(load(text).env).to.equal(null);
      expect(load(text, 'test').prefix).to.equal('los-test');
    });

    it('share no account-wide name with another', () => {
      const environments = { dev: {}, prod: {} };
      const { snowflake, aws } = load('');
      const { database, warehouse, roles, integrations } = snowflake;
      const all = [
        warehouse.name,
        aws.restApi.name,
        ...[roles, integrations, aws.roles].flatMap((group) => Object.values(group)),
      ];
      const written = { names: Object.fromEntries(all.map((name) => [name, name])), snowflake: { database } };
      // Derived from the prefix, and written out in the file.
      for (const file of [{ environments }, { ...written, environments }]) {
        const names = (environment?: string) => {
          const { snowflake, aws } = load(JSON.stringify(file), environment);
          const { database, warehouse, roles, integrations } = snowflake;
          return [
            database,
            warehouse.name,
            aws.restApi.name,
            ...[roles, integrations, aws.roles].flatMap((group) => Object.values(group)),
          ];
        };
        const all = [...names(), ...names('dev'), ...names('prod')];
        expect(all.filter((name, i) => all.indexOf(name) < i)).to.deep.equal([]);
      }
    });

    it('let the environment variables win', () => {
      expect(load(text, 'dev', { LOS_TASKS_RESUMED: 'true' }).tasks.resumed).to.equal(true);
    });

    it('are refused when the file does not know the environment or a key in any of them is wrong', () => {
      expect(() => load(text, 'staging')).to.throw(UserError, 'knows no environment staging');
      const wrong = 'environments: { dev: {}, prod: { aws: { regoin: x } } }';
      expect(() => load(wrong, 'dev')).to.throw(UserError, 'environments.prod.aws.regoin is not a setting');
    });
  });

  it('are described by the schema that editors use', () => {
    const committed = readFileSync(join(projectRoot, 'los.config.schema.json'), 'utf8');
    expect(JSON.parse(committed), 'run npm run schema').to.deep.equal(editorSchema);
  });

  it('refuses a mail password in the file', () => {
    const message = refusal('mail: { smtpUrl: "smtps://me:hunter22@mail.example.org" }');
    expect(message).to.contain('mail.smtpUrl').and.not.to.contain('hunter22');
  });
});

import { expect } from 'chai';
import type { Plan } from '../../../../procedures/ground/plan.js';
import { Later, type Step } from '../../../../procedures/ground/work.js';
import type { Move } from '../../../../procedures/training/machine.js';
import type { CandidateRun, Run, RunData, StateName } from '../../../../procedures/training/run.js';
import { fitting } from '../../../../procedures/training/states/index.js';
import { place, type Scripted, scripted } from '../../scripted.js';

export const stamp = '20260101000000000';

export const names = ['linear', 'forest', 'squared-error', 'gamma', 'tweedie'];

export function planWith(training: object = {}): Plan {
  return {
    contract: { name: 'health', table: 'HEALTH', id: 'CASE_ID', features: { AGE: { type: 'numeric' } } },
    settings: {
      ...place,
      prefix: 'los',
      training: {
        ...{ chooseBy: 'rmse', candidates: names, hyperparameters: {}, parallelJobs: 2 },
        ...{ instanceType: 'ml.m5.large' },
        ...training,
      },
    },
    aws: { executionRole: 'arn:role', image: 'image', bucket: 's3://bucket' },
    sql: {
      'training/asked-rows': 'ROWS {{which}}',
      'training/candidate-blocks': 'BLOCKS {{candidates}}',
      'training/candidate-errors': 'ERRORS {{rows}}',
      'training/hazard-lines': 'LINES {{kept}}',
      'training/hazard-questions': 'QUESTIONS',
      'training/judge-hazards': 'JUDGE HAZARDS {{candidate}} {{hazards}}',
      'training/judge-spread': 'JUDGE SPREAD',
      'training/load-answers': 'COPY {{candidate}}',
      'training/periods': 'PERIODS',
    },
  } as unknown as Plan;
}

/** SageMaker's jobs, and a run that trains candidates in them. */
export class Account {
  readonly training = new Map<string, 'InProgress' | 'Completed' | 'Failed' | 'Stopped'>();
  readonly transforms = new Map<string, 'InProgress' | 'Completed' | 'Failed' | 'Stopped'>();
  /** Why a job failed. */
  reason: string | undefined = 'AlgorithmError';
  /** Requests in their order, as `Action name`. */
  readonly log: string[] = [];
  /** Throws what SageMaker would refuse. */
  refusing: (action: string, name: string) => Scripted = () => undefined;
  /** By how much the first of two candidates has a lower CRPS, and how that differs from block to block. */
  gain = 0;
  noise = 0;
  /** What a candidate's answers lie off. */
  errors: (candidate: string) => object = () => ({ LINES: 10, ROWS_ASKED: 10, RMSE: 5, MAE: 3, CRPS: 2 });
  data: Partial<RunData> = {
    ...{ stamp, number: 3, location: 's3://bucket/files', features: [] },
    split: { trainMin: 1, trainMean: 4, weighted: false } as RunData['split'] & object,
  };

  constructor(
    readonly plan = planWith(),
    readonly options: Run['options'] = {},
  ) {}

  state: keyof typeof fitting = 'TRAIN_CANDIDATES';

  get candidateRuns(): readonly CandidateRun[] {
    return this.data.candidateRuns!;
  }

  stages(): string[] {
    return this.candidateRuns.map(({ stage }) => stage);
  }

  /** Does what the run's state says, and goes on to the next. */
  step(): Move {
    const { state, data, options } = this;
    const run = { id: 'run-1', dataset: 'health', state, data, options } as unknown as Run;
    const move = scripted(fitting[state](this.plan, run), this.answer);
    this.data = { ...this.data, ...move.data };
    this.state = move.to as typeof state;
    return move;
  }

  /** Has the candidates listed, before any of their jobs, and then begun. */
  begin(): Move {
    this.step();
    expect(this.log).to.deep.equal([]);
    return this.step();
  }

  /** Steps to a state, with every job completed before each step. @returns the moves from one state to another */
  stepTo(state: StateName): Move[] {
    const moves: Move[] = [];
    for (let i = 0; this.state !== state; i++) {
      if (i > 20) throw new Error(`still in ${this.state}`);
      const from = this.state;
      const move = this.step();
      if (move.to !== from) moves.push(move);
      this.complete('training');
      this.complete('transforms');
    }
    return moves;
  }

  waits(): Later {
    try {
      this.step();
    } catch (error) {
      expect(error).to.be.instanceOf(Later);
      return error as Later;
    }
    throw new Error('it went on');
  }

  readonly answer = (step: Step): Scripted => {
    if ('sql' in step) {
      if (step.sql.startsWith('BLOCKS')) {
        const asked = [...step.sql.matchAll(/'([^']+)'/g)].map(([, name]) => name!);
        return asked.flatMap((CANDIDATE) =>
          Array.from({ length: 50 }, (_, i) => ({
            ...{ BLOCK: i, CANDIDATE, W: 10, RMSE: 90, MAE: 30 },
            CRPS: 20 + (/hazard/.test(CANDIDATE) ? 0 : 10 * this.gain + this.noise * (i % 2 ? 1 : -1)),
          })),
        );
      }
      if (/OUTLIVED/.test(step.sql)) return [{ N: 100, OUTLIVED: 900 }];
      if (step.sql.startsWith('ERRORS')) return [{ ...this.errors(String(step.binds[1])) }];
      if (/HASH_AGG/.test(step.sql)) return [{ FINGERPRINT: step.sql.includes('LINE_NUMBER') ? 'p' : 'd' }];
      if (/^(COPY|JUDGE HAZARDS)/.test(step.sql)) this.log.push(step.sql);
      return undefined;
    }
    const { action } = step;
    const request = step.request as Record<string, string>;
    const name = request.TrainingJobName ?? request.TransformJobName ?? request.ModelName ?? '';
    const refused = this.refusing(action, name);
    this.log.push(`${action} ${name.replace(/^los-health-v3-|-\d{17}$/g, '')}`);
    if (refused) return refused;
    const jobs = action.includes('Transform') ? this.transforms : this.training;
    if (/^Create(Training|Transform)/.test(action)) {
      if (jobs.has(name)) return { ok: false, error: 'ResourceInUse', message: 'Job name must be unique' };
      jobs.set(name, 'InProgress');
    } else if (action === 'DescribeTrainingJob' && jobs.has(name))
      return {
        ok: true,
        answer: {
          TrainingJobName: name,
          TrainingJobStatus: jobs.get(name)!,
          ModelArtifacts: { S3ModelArtifacts: `s3://models/${name}` },
          TrainingTimeInSeconds: 10,
          BillableTimeInSeconds: 7,
          FailureReason: this.reason,
        },
      };
    else if (action === 'DescribeTransformJob' && jobs.has(name))
      return { ok: true, answer: { TransformJobStatus: jobs.get(name)!, FailureReason: this.reason } };
    else if (/^Describe/.test(action))
      return { ok: false, error: 'ValidationException', message: 'Requested resource not found.' };
    return undefined;
  };

  complete(jobs: 'training' | 'transforms', ...which: string[]): void {
    for (const name of this[jobs].keys())
      if (which.length === 0 || which.some((part) => name.includes(part))) this[jobs].set(name, 'Completed');
  }
}

import type { Plan } from '../../ground/plan.js';
import { Refused, type Work } from '../../ground/work.js';
import { ON_ITS_OWN } from '../../judging/gates.js';
import { promote, propose } from '../../promoting/promote.js';
import { offerHoldouts, publishedMetrics } from '../../publishing/holdouts.js';
import { publish } from '../../publishing/publish.js';
import { offerPackage } from '../../versions/package.js';
import { closeVersion } from '../../versions/registry.js';
import type { Move } from '../machine.js';
import { columnsLeftOut, planOf, requireData, versionOfRun } from '../of-run.js';
import { END, type Run } from '../run.js';
import { lineageOfStay, stayRecord } from '../stays/record.js';

/** Enters the version into SageMaker's registry and into ours; from then on it can be promoted. */
export function* enter(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const { contract, settings } = plan;
  const version = versionOfRun(plan, run);
  const training = requireData(run, 'training');
  const metrics = requireData(run, 'metrics');
  const chosen = requireData(run, 'chosen');
  const known = run.data.stay?.metrics ? { ...metrics, stay: run.data.stay.metrics } : metrics;
  const lineage = {
    ...(run.data.stay && { stay: lineageOfStay(run.data.stay) }),
    contract,
    // A VARIANT sorts an object's keys.
    featureOrder: Object.keys(contract.features),
    split: requireData(run, 'split'),
    participants: requireData(run, 'participants'),
    settings: settings.training,
    fingerprint: requireData(run, 'fingerprint'),
    code: plan.code,
    selection: run.data.selection || null,
    candidates: requireData(run, 'results'),
    learned: run.data.learned || null,
    competition: run.data.competition || null,
    look: run.data.hazards?.pilot?.gain || null,
    image: plan.aws.image,
    training: training.metrics,
    trainingSeconds: training.seconds,
    predictions: requireData(run, 'predictions'),
    silent: run.data.silent || null,
    refit: run.data.refit || null,
    without: columnsLeftOut(run),
    run: run.id,
  };
  yield* publish({ place: settings, dataset: contract.name }, [
    offerHoldouts(settings, contract, { version: version.name, metrics: known, lineage }),
  ]);
  const unpackaged = yield* offerPackage(
    plan,
    {
      version: version.name,
      artifact: training.artifact,
      trainingJob: training.job,
      metrics: yield* publishedMetrics(settings, version.name),
    },
    run,
  );
  return {
    ...(unpackaged === null ? {} : { message: unpackaged, data: { unpackaged } }),
    to: run.options.promote || run.options.force || run.options.propose ? 'PROMOTE' : END,
    also: () =>
      closeVersion(settings, {
        version: version.name,
        endpoint: version.endpoint,
        job: training.job,
        artifact: training.artifact,
        requestTranslator: version.requestTranslator,
        model: requireData(run, 'model'),
        parameters: { candidate: chosen.name, ...chosen.hyperparameters },
        metrics: known,
        stay: stayRecord(run),
        lineage,
      }),
  };
}

/** Promotes the version, or proposes it, as was asked. That it is not promoted leaves it trained. */
export function* promoteVersion(today: Plan, run: Run): Work<Move> {
  const version = versionOfRun(today, run).name;
  const { promote: alone, force, propose: proposes } = run.options;
  try {
    if (proposes && !alone && !force) {
      const { previous, gates } = yield* propose(today, version);
      return {
        to: END,
        data: { promotion: { promoted: false, proposed: true, previous, gates, refusal: null } },
        message: `Proposed: CALL PROMOTE_MODEL('${version}'), or los model promote ${version}.`,
      };
    }
    const by = `training ${run.id}, opened by ${run.openedBy || 'an unknown user'}`;
    const { previous, gates } = yield* promote(today, version, { force: force === true, by });
    return {
      to: END,
      data: { promotion: { promoted: true, previous, gates, refusal: null } },
      message: [
        `predict_los answers from ${version}${previous === null ? '' : `, before: ${previous}`}`,
        ...gates.filter(({ name }) => name === ON_ITS_OWN).map(({ finding }) => finding),
      ].join('; '),
    };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return {
      to: END,
      data: { promotion: { promoted: false, previous: null, gates: [], refusal: error.message } },
      message: `Not promoted: ${error.message}`,
    };
  }
}

import type { Row } from '../deploy/clients/snowflake.js';
import type { StatedTolerance } from '../procedures/ground/plan.js';
import { variant } from '../procedures/ground/work.js';
import { EQUITY, type Gate } from '../procedures/judging/gates.js';

/** Judgements of a gate that the hazard log names; the change log of versions has all. */
const NAMED = 5;

/** A change of the version that answers, or a refusal of one, as the change log of versions has it. */
export interface Change {
  readonly at: string;
  readonly kind: string;
  /** SUCCEEDED, FAILED or, where a person is asked, PROPOSED. */
  readonly status: string;
  readonly by: string;
  readonly version: string | null;
  readonly previous: string | null;
  /** Names of gates that it passed, that refused it, and that it was promoted over. */
  readonly passed: readonly string[];
  readonly refused: readonly string[];
  readonly overridden: readonly string[];
  readonly reason: string | null;
  readonly message: string | null;
}

/** A row of sql/safety/changes.sql. A refusal says in its message which gates said no; those that did not are not written down. */
export function changeOf(row: Row): Change {
  const text = (name: string) => (row[name] === null ? null : String(row[name]));
  const gates = row.GATES === null ? [] : variant<Pick<Gate, 'name' | 'passed'>[]>(row.GATES);
  const message = text('MESSAGE');
  const names = (passed: boolean) => gates.filter((gate) => gate.passed === passed).map(({ name }) => name);
  return {
    at: String(row.AT),
    kind: String(row.KIND),
    status: String(row.STATUS),
    by: String(row.CALLER),
    version: text('VERSION'),
    previous: text('PREVIOUS'),
    passed: names(true),
    refused: [...(message ?? '').matchAll(/the gate “([^”]+)” says no/g)].map(([, name = '']) => name),
    overridden: names(false),
    reason: text('REASON'),
    message,
  };
}

/**
 * How a gate judged the versions of this installation, the newest first, and the tolerance that it holds groups to.
 * @param gate the beginning or end of its name
 * @param stated the settings' training.equity
 */
export function gateEvidence(
  gate: string,
  changes: readonly Change[],
  stated: StatedTolerance | undefined,
): string {
  const isNamed = (names: readonly string[]) => names.some((name) => name.includes(gate));
  const judged = changes.flatMap((change) => {
    const { at, version, by, reason } = change;
    const sentence = (outcome: string) => [`${version} ${outcome} (${at})`];
    if (isNamed(change.refused)) return sentence('refused');
    if (isNamed(change.overridden))
      return sentence(`promoted over it by ${by}${reason ? `: ${reason}` : ''}`);
    return isNamed(change.passed) ? sentence('passed') : [];
  });
  const more = judged.length > NAMED ? `; ${judged.length - NAMED} before` : '';
  const evidence =
    judged.length > 0 ? `${judged.slice(0, NAMED).join('; ')}${more}` : 'no version was judged by it yet';
  return EQUITY.includes(gate) ? `${toleranceInWords(stated)}; ${evidence}` : evidence;
}

function toleranceInWords(stated: StatedTolerance | undefined): string {
  const parts = [
    ...(stated && stated.bias !== null ? [`${stated.bias} days of bias`] : []),
    ...(stated && stated.coverage !== null ? [`${stated.coverage * 100} points of coverage`] : []),
  ];
  return parts.length > 0
    ? `tolerance ${parts.join(', ')}`
    : 'training.equity states no tolerance, so it holds no version to one';
}

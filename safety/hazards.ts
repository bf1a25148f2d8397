import { parse } from 'yaml';
import { template } from '../report/templates.js';

/** Something that is in place against a hazard. */
export interface Control {
  readonly does: string;
  /** A kind of LOS_ALARMS, (the beginning or end of) the name of a gate, or a kind of LOS_RUN_LOG: evidence of it is in this installation. */
  readonly alarm?: string;
  readonly gate?: string;
  readonly run?: string;
  /** File and title of the test that proves it. */
  readonly test: string;
  readonly title: string;
}

/** A way in which the use can do harm. */
export interface Hazard {
  readonly id: string;
  readonly hazard: string;
  readonly cause: string;
  readonly effect: string;
  readonly controls: readonly Control[];
}

/** The hazards that the product knows of (templates/safety/hazards.yaml); a hospital's own stand in its answers. */
export function listHazards(): readonly Hazard[] {
  return parse(template('safety/hazards.yaml'));
}

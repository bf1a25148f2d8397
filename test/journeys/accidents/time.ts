import type { Accident } from './accident.js';
import { HOUR } from './on-call.js';

const SCHEMA = 'PREDICT_LOS.LOS';

/** What takes its time. */
export const time: readonly Accident[] = [
  {
    name: 'the clock jumps three hours ahead',
    async breaks({ clock }) {
      clock.advance(3 * HOUR);
    },
    expected: 'heals',
    names: /LOS_MONITOR_HOURLY/,
  },
  {
    name: 'the task graph suspended for sixteen days, its streams stale',
    async breaks(onCall) {
      await onCall.sql(`ALTER TASK ${SCHEMA}.LOS_BUILD_FEATURES SUSPEND`);
      for (let day = 0; day < 16; day++) {
        onCall.hospital.admit(onCall.day, 10);
        onCall.hospital.discharge(onCall.day);
        await onCall.deliver();
        await onCall.until(onCall.clock.now() + 24 * HOUR, 3 * HOUR);
      }
    },
    expected: 'told',
    names: /task graph|LOS_BUILD_FEATURES/,
  },
];

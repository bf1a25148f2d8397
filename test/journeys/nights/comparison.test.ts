import { describeNights } from './every-load.js';
import { Nights } from './nights.js';

describeNights('comparison', 'CLINIC.CORE.ENCOUNTER', () =>
  Nights.open('source: CLINIC.CORE.ENCOUNTER', { ENCOUNTER: 'SELECT * FROM CLINIC.RAW.STAYS' }),
);

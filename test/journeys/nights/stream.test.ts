import { describeNights } from './every-load.js';
import { Nights } from './nights.js';

// Every second night the owner tracks the changes of what took the place of its table; else the comparison has to do.
describeNights('a stream', 'CLINIC.CORE.ENCOUNTER', () =>
  Nights.open(
    'source: CLINIC.CORE.ENCOUNTER\nchanges: stream',
    { ENCOUNTER: 'SELECT * FROM CLINIC.RAW.STAYS' },
    (night) => night % 2 === 0,
  ),
);

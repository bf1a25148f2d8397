import { describeUpgrade } from './upgrade.js';

describeUpgrade('0.5.0', (name) => name, [60, 150]);

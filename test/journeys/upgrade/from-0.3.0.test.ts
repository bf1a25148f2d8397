import { describeUpgrade } from './upgrade.js';

describeUpgrade('0.3.0', (name) => name, [60, 150]);

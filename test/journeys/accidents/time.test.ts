import { testAccidents } from './accident.js';
import { time } from './time.js';

describe('accidents of time', () => testAccidents(time));

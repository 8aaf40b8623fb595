import { describeShops } from './describe-shops.js';
import { NEST_12 } from './support/nest-versions.js';

describeShops(NEST_12);

import { describeShops } from './describe-shops.js';
import { NEST_11 } from './support/nest-versions.js';

describeShops(NEST_11);

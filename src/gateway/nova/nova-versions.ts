import { Injectable } from '@nestjs/common';
import { ApiVersions } from '../../openstack/api-versions.js';
import { type Microversion, MIN_MICROVERSION } from '../../openstack/microversion.js';
import { NovaReader } from './reader/nova-reader.js';

/** Nova decides on microversions. Its last known maximum is enough here: no request waits for it. */
@Injectable()
export class NovaVersions extends ApiVersions {
  readonly areJudgedHere = false;

  constructor(private readonly reader: NovaReader) {
    super();
  }

  get max(): Microversion {
    return this.reader.lastKnownMicroversion ?? MIN_MICROVERSION;
  }
}

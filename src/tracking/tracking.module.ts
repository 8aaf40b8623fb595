import { Module } from '@nestjs/common';
import { Retention } from './retention.js';
import { Tracker } from './tracker.js';

/** Follows accepted tasks to their end, and finds out about those that a crash left behind; drops old ones. */
@Module({ providers: [Tracker, Retention] })
export class TrackingModule {}

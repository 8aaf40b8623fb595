import { Module } from '@nestjs/common';
import { Tracker } from './tracker.js';

/** Follows accepted tasks to their end, and finds out about those that a crash left behind. */
@Module({ providers: [Tracker] })
export class TrackingModule {}

import { Global, Module } from '@nestjs/common';
import { TASK_OBSERVER } from '../tasks/following/task-observer.js';
import { ComputeNews } from './compute-news.js';
import { ComputeObserver } from './compute-observer.js';

/**
 * The compute service's knowledge about tasks: the tasks module's follower asks for it, and its news is recorded as it
 * comes.
 */
@Global()
@Module({
  providers: [ComputeNews, { provide: TASK_OBSERVER, useClass: ComputeObserver }],
  exports: [TASK_OBSERVER],
})
export class TrackingModule {}

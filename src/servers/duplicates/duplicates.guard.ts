import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ComputeService } from '../../compute/compute.service.js';
import { Settings } from '../../config/settings.js';
import { requestOf } from '../../http/http-context.js';
import { requestFact } from '../../http/request-fact.js';
import { BadRequest } from '../../openstack/faults.js';
import type { Task } from '../../tasks/task.entity.js';
import type { ServerRequest } from '../server-request.js';
import { firstAnswer } from './first-answer.js';
import { assertMayRepeat } from './may-repeat.js';

/** How a request is answered if it is the same as an earlier one. */
export interface DuplicateTerms {
  duplicates: 'refuse' | 'answer';
  /** The earlier one's answer; `null` if it cannot be made again. */
  answerAgain: (first: Task) => Promise<unknown>;
}

export const { set: setDuplicateTerms, of: duplicateTerms } = requestFact<DuplicateTerms>('DuplicatesGuard');

/** Reads how a request wants to be answered if it was accepted before: by `Task-duplicates`, or else by the setting. */
@Injectable()
export class DuplicatesGuard implements CanActivate {
  constructor(
    private readonly settings: Settings,
    private readonly compute: ComputeService,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = requestOf<ServerRequest>(context);
    setDuplicateTerms(request, {
      duplicates: this.wanted(request),
      answerAgain: async (first) => {
        assertMayRepeat(first, request);
        return firstAnswer(first, request, this.compute);
      },
    });
    return true;
  }

  private wanted({ headers }: ServerRequest): 'refuse' | 'answer' {
    const wanted = headers['task-duplicates'] ?? this.settings.DUPLICATES;
    if (wanted === 'refuse' || wanted === 'answer') return wanted;
    throw new BadRequest('Task-duplicates must be "refuse" or "answer".');
  }
}

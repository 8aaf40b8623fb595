import { requestFact } from '../../http/request-fact.js';

/** What became of a request that was not carried out because of its tag; its `currentTask` is that of the first one. */
export const { set: setDuplicate, known: duplicateOf } = requestFact<'refused' | 'answered'>('Admission');

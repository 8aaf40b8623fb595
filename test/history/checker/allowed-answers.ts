import type { ExchangeEntry, RequestEntry } from '../journal/entries.js';
import { ofEachTag } from './property.js';

/** While something is broken, a client may be told to come again, or that nobody knows yet. */
const NOT_NOW = [503, 504];

/**
 * Answers to a request that the cloud has to accept, beside the refusal; and to one that it has to reject, also when the
 * server is gone by then.
 */
const ANSWERS: Readonly<Record<RequestEntry['expected'], number[]>> = {
  accepted: [200, 202, 204],
  rejected: [400, 404, 409],
};

const FOUND_OR_NOT = [200, 404];

export const allowedAnswers = ofEachTag(
  'allowed answers',
  'An answer is one that the documents name for the request: no 500, and no rejection of what is right.',
  (tag) => {
    const requests = new Map(tag.requests.map((request) => [request.request, request]));
    return tag.exchanges.flatMap((exchange) => {
      const { status, kind, replica, message } = exchange;
      if (status === null || NOT_NOW.includes(status)) return [];
      const request = requests.get(exchange.request ?? '');
      if (kind !== 'send' && FOUND_OR_NOT.includes(status)) return [];
      if (request !== undefined && isRight(request, exchange)) return [];
      const what = request === undefined ? 'a question' : request.request;
      return [
        { says: `${what} was answered ${status} by replica ${replica}: ${message}`, exchanges: [exchange] },
      ];
    });
  },
);

function isRight({ expected }: RequestEntry, { status, isRefusal }: ExchangeEntry): boolean {
  return isRefusal || ANSWERS[expected].includes(status as number);
}

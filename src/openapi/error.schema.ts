/** The body of an error, as Nest's own filter sends it. */
export const errorSchema = (status: number, codes: string[], more: Record<string, object> = {}) => ({
  type: 'object',
  required: ['statusCode', 'code', 'message', ...Object.keys(more)],
  properties: {
    statusCode: { type: 'integer', example: status },
    code: { type: 'string', enum: codes, description: 'Stable; meant for programs.' },
    message: { type: 'string' },
    ...more,
  },
});

import { z } from 'zod';

/** Characters of the name of a saved search. */
export const MAX_SEARCH_NAME = 80;
/** Characters of what it shows; addresses past this do not pass every proxy. */
const MAX_SEARCH_QUERY = 4_096;

/** What `PUT /logs/searches/{name}` takes. */
export const savedSearchInputSchema = z.strictObject({
  query: z
    .string('must be a text')
    .max(MAX_SEARCH_QUERY, `must have at most ${MAX_SEARCH_QUERY} characters`)
    .refine((text) => !/^\?|[\s#]/.test(text), {
      error: "must be the query of the console's address: without ?, # and spaces",
    })
    .describe("The query of the console's address, without its `?`: `status=5xx&hours=6`"),
});

/** A saved search as it is replied. */
export const savedSearchSchema = z.object({
  name: z.string(),
  query: z.string().describe("The query of the console's address, without its `?`"),
  saved_at: z.iso.datetime(),
});

/** What the endpoints of saved searches reply: all there are then, by name. */
export const searchesReplySchema = z.object({ searches: z.array(savedSearchSchema) });

/** @see searchesReplySchema */
export type SearchesReply = z.output<typeof searchesReplySchema>;

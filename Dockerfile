# The gateway alone: built with everything, run with what it needs, as a user without rights.
FROM node:22-slim AS build
RUN npm install --global pnpm@10
WORKDIR /build
COPY . .
RUN pnpm install --frozen-lockfile && node scripts/console.mjs
RUN pnpm --filter @tailrace/gateway --prod deploy --legacy /gateway

FROM node:22-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build --chown=node:node /gateway .
# A volume mounted here belongs to the user who writes the tokens.
RUN mkdir /data && chown node:node /data
USER node
EXPOSE 4680
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 4680}/health`).then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]

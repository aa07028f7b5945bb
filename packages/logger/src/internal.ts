// For tests and benches of this repository. Not public: it changes without notice.
export { Logger } from './logger.js';

'use strict'

// The two files of undici that the transport uses; all of it takes four times as long to load. They are required, because a
// module that imports CommonJS first has its whole text searched for names, which takes as long as loading it.
try {
  exports.Client = require('undici/lib/dispatcher/client.js')
  exports.buildConnector = require('undici/lib/core/connect.js')
} catch {
  // They are not where they were: undici.ts takes all of undici instead.
}

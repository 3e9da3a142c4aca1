// Package visit visits one site: from the name to a [detect.Case] that is
// ready to be judged. A [Scanner] resolves, fetches what detect wants, asks the
// registers, and finds out whether a failure is our own: resolvers are tested
// with names that do not exist, control names are visited. It knows neither
// runs nor the database, and keeps nothing about a site from visit to visit;
// what the run before knew is handed in as a [Previous].
package visit

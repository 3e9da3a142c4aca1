// Package polite keeps limits per address: so many requests in flight and so
// many a second, fewer where a server is slow or turns us away. A [Gate] keeps
// them within a process, [Locks] let them hold over all processes that work on
// one PostgreSQL database. It knows neither sites nor runs.
//
// What counts as one address is the politeness key ([Gate.Key]): the address
// itself, the /64 of an IPv6 address, or a network that the config names.
package polite

package schedule

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
)

// A queue carries jobs to whoever is free. What it holds can be lost: our own
// tables say what is left to do.
type queue interface {
	start(ctx context.Context, conf *river.Config) error
	insert(ctx context.Context, name string, priority int, jobs []taskJob) error
	insertOne(ctx context.Context, job river.JobArgs, opts *river.InsertOpts) error
	stop() error  // ends the work; the jobs' contexts are cancelled
	close() error // after stop: frees what was opened
}

// A riverQueue is River over one of its drivers; T is the driver's transaction.
type riverQueue[T any] struct {
	driver riverdriver.Driver[T]
	adapt  func(*river.Config) // what this engine needs
	free   func() error
	client *river.Client[T]
	works  bool
}

func (q *riverQueue[T]) start(ctx context.Context, conf *river.Config) error {
	q.adapt(conf)
	q.works = len(conf.Queues) > 0
	if !q.works { // such a client can only insert
		conf.Queues, conf.Workers = nil, nil
	}
	client, err := river.NewClient(q.driver, conf)
	if err == nil && q.works {
		err = client.Start(ctx)
	}
	if err != nil {
		return fmt.Errorf("starting the job queue: %w", err)
	}
	q.client = client
	return nil
}

func (q *riverQueue[T]) insert(ctx context.Context, name string, priority int, jobs []taskJob) error {
	params := make([]river.InsertManyParams, len(jobs))
	for i, j := range jobs {
		params[i] = river.InsertManyParams{Args: j, InsertOpts: &river.InsertOpts{Queue: name, Priority: priority}}
	}
	_, err := q.client.InsertMany(ctx, params)
	return err
}

func (q *riverQueue[T]) insertOne(ctx context.Context, job river.JobArgs, opts *river.InsertOpts) error {
	_, err := q.client.Insert(ctx, job, opts)
	return err
}

func (q *riverQueue[T]) stop() error {
	if q.client == nil || !q.works {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return q.client.StopAndCancel(ctx)
}

func (q *riverQueue[T]) close() error {
	return q.free()
}
